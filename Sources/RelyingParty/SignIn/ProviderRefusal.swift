import JOSE

/// A provider's *no* in the words of RFC 6749 §4.1.2.1 and §5.2, at the redirect back or from the token endpoint.
package struct ProviderRefusal: Error, Sendable, Equatable {
    /// `error`, or `unreadable` where it is not letters, digits and `_ - . :` up to 64.
    package let code: String
    /// `error_description` for operators' logs: printable ASCII, up to 200. Never for a page.
    package let detail: String?

    /// - Parameters: as the provider sent them.
    package init(code: String, description: String? = nil) {
        let isReadable = (1...64).contains(code.utf8.count) && code.utf8.allSatisfy(Self.isCodeByte)
        self.code = isReadable ? code : "unreadable"
        detail = description.map { text in
            String(decoding: text.utf8.filter { (0x20...0x7E).contains($0) }.prefix(200), as: UTF8.self)
        }
    }

    /// An error response (RFC 6749 §5.2). `nil` where it is none.
    init?(json: JSONValue) {
        guard let members = json.object, let code = members["error"]?.string else { return nil }
        self.init(code: code, description: members["error_description"]?.string)
    }

    /// Whether the code or refresh token itself is used up or revoked; other refusals speak of the client or the request.
    package var endsGrant: Bool { code == "invalid_grant" }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
