/// HTTP header fields in the order in which they were received: names in lower case, values without surrounding blanks.
///
/// Names compare by their UTF-8 bytes (Swift's `String ==` would also match canonically equivalent spellings).
package struct HeaderList: Sendable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: String
    }

    package private(set) var fields: [Field]

    package init(_ fields: [(name: String, value: String)] = []) {
        self.fields = fields.map { Field(name: $0.name.lowercased(), value: $0.value) }
    }

    /// From names that are in lower case already.
    init(reading fields: [Field]) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        self.init(elements.map { (name: $0.0, value: $0.1) })
    }

    package mutating func add(_ name: String, _ value: String) {
        fields.append(Field(name: name.lowercased(), value: value))
    }

    /// Every value of the field called `name` (lower case), first to last.
    package func all(_ name: String) -> [String] {
        fields.filter { sameBytes($0.name, name) }.map(\.value)
    }

    /// The first value of the field called `name` (lower case).
    package func first(_ name: String) -> String? {
        fields.first { sameBytes($0.name, name) }?.value
    }
}

/// Whether two strings are the same bytes. For identifiers, header names, paths: everything where é is not e + ´.
package func sameBytes(_ one: String, _ other: String) -> Bool {
    // Apart from the generic one below, which nobody specialises across modules: every check comes by here many times.
    guard one.utf8.count == other.utf8.count else { return false }
    var one = one
    var other = other
    return one.withUTF8 { one in other.withUTF8 { other in one.elementsEqual(other) } }
}

/// The same for parts of strings.
package func sameBytes(_ one: some StringProtocol, _ other: some StringProtocol) -> Bool {
    one.utf8.elementsEqual(other.utf8)
}
