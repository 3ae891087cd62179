import JOSE

/// Proof Key for Code Exchange, method S256 only (RFC 7636).
package enum PKCE {
    /// The code challenge of a verifier: base64url of its SHA-256 (§4.2).
    package static func challenge(of verifier: String) -> String { Base64URL.encode(sha256(verifier.utf8)) }

    /// Whether a text has the shape of a code verifier (§4.1): 43 to 128 unreserved characters.
    package static func isVerifier(_ text: String) -> Bool {
        (43...128).contains(text.utf8.count) && text.utf8.allSatisfy(isUnreserved)
    }

    /// Whether a text has the shape of an S256 code challenge: the base64url of 32 bytes.
    package static func isChallenge(_ text: String) -> Bool { Base64URL.decode(text)?.count == 32 }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
