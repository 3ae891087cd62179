/// A YAML document as an ordered tree. Literals build it; text from a configuration enters only as `.string` or as a key,
/// which the writer quotes, so that no value can change the document's structure.
package indirect enum YAMLValue: Sendable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case list([YAMLValue])
    case map([YAMLEntry])
    /// A comment on the lines above the value's key or list item. Always our own words: input cannot be a `StaticString`.
    case noted(StaticString, YAMLValue)
}

/// One key of a map. The order of a map's entries is the order in the text.
package struct YAMLEntry: Sendable {
    package var key: String
    package var value: YAMLValue

    package init(_ key: String, _ value: YAMLValue) {
        self.key = key
        self.value = value
    }
}

extension YAMLValue {
    /// A list of strings.
    package static func strings(_ values: [String]) -> YAMLValue {
        .list(values.map(YAMLValue.string))
    }

    /// This map with the entries of `other` after its own; a value that is no map counts as an empty one.
    package func adding(_ other: YAMLValue) -> YAMLValue {
        .map(pairs + other.pairs)
    }

    /// The value of a key; nil where there is none, or this is no map.
    package subscript(_ key: String) -> YAMLValue? {
        pairs.first { $0.key == key }?.value
    }

    /// This map with another value for a key: in its place, or at the end where it is new.
    package func setting(_ key: String, to value: YAMLValue) -> YAMLValue {
        guard self[key] != nil else { return .map(pairs + [YAMLEntry(key, value)]) }
        return .map(pairs.map { $0.key == key ? YAMLEntry(key, value) : $0 })
    }

    /// This map without a key.
    package func removing(_ key: String) -> YAMLValue { .map(pairs.filter { $0.key != key }) }

    /// This map with another value where a way of keys leads, all of which are there.
    func setting(_ way: [String], to value: YAMLValue) -> YAMLValue {
        guard let key = way.first else { return value }
        return setting(key, to: (self[key] ?? [:]).setting(Array(way.dropFirst()), to: value))
    }
}

extension YAMLValue: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension YAMLValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) {
        self = .integer(value)
    }
}

extension YAMLValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) {
        self = .boolean(value)
    }
}

extension YAMLValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: YAMLValue...) {
        self = .list(elements)
    }
}

extension YAMLValue: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, YAMLValue)...) {
        self = .map(elements.map { YAMLEntry($0.0, $0.1) })
    }
}
