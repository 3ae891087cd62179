package import JOSE

/// Where a claim is: its name, or names from the outside in (`realm_access.roles`). A claim whose own name has dots in it
/// (`https://example.com/groups`) is found by that name first.
package struct ClaimPath: Sendable, Equatable {
    package let text: String

    /// - Parameter text: not empty.
    package init(_ text: String) { self.text = text }

    package func value(in claims: JSONObject) -> JSONValue? {
        if let value = claims[text] { return value }
        var value: JSONValue = .object(claims)
        for name in text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let next = value.object?[String(decoding: name, as: UTF8.self)] else { return nil }
            value = next
        }
        return value
    }
}
