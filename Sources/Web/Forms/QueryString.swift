/// Builds a query from ordered pairs, percent-encoded as RFC 3986 has it (a blank is `%20`, which every reader takes).
package struct QueryString: Sendable, ExpressibleByDictionaryLiteral {
    private var parts: [String] = []

    package init() {}

    package init(_ pairs: [(name: String, value: String)]) {
        for pair in pairs { add(pair.name, pair.value) }
    }

    /// Keeps the order, and a name that comes twice.
    package init(dictionaryLiteral elements: (String, String)...) {
        for element in elements { add(element.0, element.1) }
    }

    package mutating func add(_ name: String, _ value: String) {
        parts.append(PercentEncoding.encode(name) + "=" + PercentEncoding.encode(value))
    }

    /// Adds the pair where there is a value.
    package mutating func add(_ name: String, _ value: String?) {
        if let value { add(name, value) }
    }

    /// Without `?`; empty where there are no pairs.
    package var encoded: String { parts.joined(separator: "&") }

    /// `url` with these pairs after its own query, before its fragment.
    package func appending(to url: String) -> String {
        guard !parts.isEmpty else { return url }
        let bytes = url.utf8
        let fragmentStart = bytes.firstIndex(of: UInt8(ascii: "#")) ?? bytes.endIndex
        let base = url[..<fragmentStart]
        return base + separator(after: base) + encoded + url[fragmentStart...]
    }

    private func separator(after base: Substring) -> String {
        guard base.utf8.contains(UInt8(ascii: "?")) else { return "?" }
        let last = base.utf8.last
        return last == UInt8(ascii: "?") || last == UInt8(ascii: "&") ? "" : "&"
    }
}
