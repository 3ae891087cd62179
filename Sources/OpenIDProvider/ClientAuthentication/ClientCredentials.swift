import JOSE
import Web

/// How a call says which client it comes from (RFC 6749 §2.3).
enum ClientCredentials: Sendable {
    /// Nothing that names a client.
    case missing
    /// More than one method, or two clients.
    case ambiguous
    /// An Authorization header that is not well-formed Basic, or an assertion that is no JWT.
    case malformed
    /// `client_id` alone: public clients.
    case identified(id: String)
    case secret(id: String, Secret, isBasic: Bool)
    /// A statement that the client signs (RFC 7523 §2.2).
    case assertion(ClientAssertion)

    init(headers: HeaderList, fields: FormFields) {
        let field = { (name: String) in fields.first(name).flatMap { $0.isEmpty ? nil : $0 } }
        let authorization = headers.all("authorization")
        guard let header = authorization.first else {
            self = Self.posted(field)
            return
        }
        guard authorization.count == 1, let (id, secret) = Self.basic(header) else {
            self = .malformed
            return
        }
        let repeatsID = field("client_id").map { sameBytes($0, id) } ?? true
        let isAlone = field("client_secret") == nil && field("client_assertion") == nil
        self = isAlone && repeatsID ? .secret(id: id, Secret(utf8: secret), isBasic: true) : .ambiguous
    }

    private static func posted(_ field: (String) -> String?) -> ClientCredentials {
        switch (field("client_id"), field("client_secret"), field("client_assertion")) {
        case (_, _?, _?): .ambiguous
        case (let id, nil, let text?):
            ClientAssertion(text, type: field("client_assertion_type"), clientID: id).map { .assertion($0) } ?? .malformed
        case (nil, _, nil): .missing
        case (let id?, let secret?, nil): .secret(id: id, Secret(utf8: secret), isBasic: false)
        case (let id?, nil, nil): .identified(id: id)
        }
    }

    /// The two halves, each form-decoded (RFC 6749 §2.3.1).
    private static func basic(_ header: String) -> (id: String, secret: String)? {
        let scheme = "basic "
        guard header.utf8.count > scheme.utf8.count, header.utf8.count <= 8192,
            sameBytes(String(decoding: header.utf8.prefix(scheme.utf8.count), as: UTF8.self).lowercased(), scheme),
            let bytes = base64(header.utf8.dropFirst(scheme.utf8.count).drop { $0 == UInt8(ascii: " ") }),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let id = text(bytes[..<colon]), !id.isEmpty, let secret = text(bytes[(colon + 1)...])
        else { return nil }
        return (id, secret)
    }

    private static func text(_ encoded: ArraySlice<UInt8>) -> String? {
        PercentEncoding.decode(encoded, plusIsSpace: true).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Base64 with its padding (RFC 7617 §2, RFC 4648 §4), by way of the strict base64url reader.
    private static func base64(_ text: Substring.UTF8View) -> [UInt8]? {
        guard text.count % 4 == 0, !text.contains(UInt8(ascii: "-")), !text.contains(UInt8(ascii: "_")) else { return nil }
        var letters = text[...]
        for _ in 0..<2 where letters.last == UInt8(ascii: "=") { letters.removeLast() }
        let swapped = letters.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        return Base64URL.decode(String(decoding: swapped, as: UTF8.self))
    }
}

extension ClientCredentials {
    /// Whether the header was tried: the refusal then names the scheme (RFC 6749 §5.2).
    var triedHeader: Bool {
        switch self {
        case .malformed, .secret(_, _, isBasic: true): true
        case .missing, .ambiguous, .identified, .secret, .assertion: false
        }
    }
}
