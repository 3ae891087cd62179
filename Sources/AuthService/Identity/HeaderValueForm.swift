import JOSE
import Web

/// How the text of a claim becomes a header value that no server reads in another way.
package enum HeaderValueForm: String, Sendable {
    /// UTF-8 as it is; control characters are percent-encoded (no claim can end the header), and so are blanks at its ends, which
    /// servers trim: `admin ` must not arrive as `admin`.
    case percent
    /// The whole text as base64 (RFC 4648 §4), for applications that take ASCII only.
    case base64

    func value(_ text: String) -> String {
        switch self {
        case .percent: IdentityHeaders.safe(text)
        case .base64: Base64.encode(Array(text.utf8))
        }
    }
}

/// Base64 with padding (RFC 4648 §4).
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> String {
        let text = Base64URL.encode(bytes).utf8.map { byte in
            switch byte {
            case UInt8(ascii: "-"): UInt8(ascii: "+")
            case UInt8(ascii: "_"): UInt8(ascii: "/")
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self) + String(repeating: "=", count: (4 - text.count % 4) % 4)
    }
}
