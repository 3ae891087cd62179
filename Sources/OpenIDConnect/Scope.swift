/// A set of scope values, in the order given (RFC 6749 §3.3).
package struct Scope: Sendable, Equatable {
    package let values: [String]

    package init(_ values: [String]) { self.values = values }

    /// Reads a space-separated list. `nil` for a value with letters outside RFC 6749's `scope-token`, or more than 100 values.
    /// Repeated values count once.
    package init?(parsing text: some StringProtocol) {
        var values: [String] = []
        for token in text.utf8.split(separator: UInt8(ascii: " ")) {
            guard values.count < 100, token.allSatisfy(Self.isTokenByte) else { return nil }
            let value = String(decoding: token, as: UTF8.self)
            if !values.contains(value) { values.append(value) }
        }
        self.values = values
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    package func contains(_ value: String) -> Bool { values.contains { $0.utf8.elementsEqual(value.utf8) } }

    /// With further values behind its own, each once.
    package func adding(_ others: [String]) -> Scope { Scope(values + others.filter { !contains($0) }) }

    package func without(_ value: String) -> Scope { Scope(values.filter { !$0.utf8.elementsEqual(value.utf8) }) }

    package func isSubset(of other: Scope) -> Bool { values.allSatisfy(other.contains) }

    package var text: String { values.joined(separator: " ") }
}
