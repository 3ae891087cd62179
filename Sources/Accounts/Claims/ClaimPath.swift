package import JOSE

/// Where a claim is: its name, or names from the outside in (`realm_access.roles`). Claims whose own names have dots in them
/// (`https://example.com/groups`, `kubernetes.io` in `kubernetes.io.namespace`) are found too: the longest name that is there wins.
package struct ClaimPath: Sendable, Equatable {
    package let text: String
    private let names: [String]

    /// - Parameter text: not empty.
    package init(_ text: String) {
        self.text = text
        names = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    }

    package func value(in claims: JSONObject) -> JSONValue? { Self.value(names[...], in: claims) }

    private static func value(_ names: ArraySlice<String>, in claims: JSONObject) -> JSONValue? {
        for end in stride(from: names.endIndex, to: names.startIndex, by: -1) {
            guard let value = claims[names[..<end].joined(separator: ".")] else { continue }
            if end == names.endIndex { return value }
            guard let inner = value.object, let found = self.value(names[end...], in: inner) else { continue }
            return found
        }
        return nil
    }
}
