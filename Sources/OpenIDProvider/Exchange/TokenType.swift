/// Kinds of tokens (RFC 8693 §3) that we exchange.
enum TokenType: String, Sendable {
    case accessToken = "urn:ietf:params:oauth:token-type:access_token"
    case idToken = "urn:ietf:params:oauth:token-type:id_token"
    /// Access tokens, where they are such.
    case jwt = "urn:ietf:params:oauth:token-type:jwt"

    init?(_ text: String?) {
        guard let text, let type = TokenType(rawValue: text) else { return nil }
        self = type
    }
}
