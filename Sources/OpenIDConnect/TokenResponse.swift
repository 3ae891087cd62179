package import JOSE

/// The token endpoint's successful reply (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
package struct TokenResponse: Sendable {
    /// How the access token is used (RFC 6750, RFC 9449 §5).
    package enum TokenType: String, Sendable {
        case bearer = "Bearer"
        case dpop = "DPoP"

        /// In any case of letters (RFC 6749 §5.1).
        init?(_ text: String) {
            switch text.lowercased() {
            case "bearer": self = .bearer
            case "dpop": self = .dpop
            default: return nil
            }
        }
    }

    package var accessToken: Secret
    package var tokenType: TokenType
    /// Seconds from now, where told.
    package var expiresIn: Int64?
    package var refreshToken: Secret?
    package var idToken: Secret?
    /// The scope granted, where told.
    package var scope: String?

    package init(
        accessToken: Secret, expiresIn: Int64?, refreshToken: Secret? = nil, idToken: Secret? = nil, scope: String? = nil,
        tokenType: TokenType = .bearer
    ) {
        self.accessToken = accessToken
        self.tokenType = tokenType
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.idToken = idToken
        self.scope = scope
    }

    /// `nil` where `access_token` is missing or `token_type` is not one that we know.
    package init?(json: JSONValue) {
        guard let members = json.object, let access = members["access_token"]?.string,
            let type = members["token_type"]?.string.flatMap(TokenType.init(_:))
        else { return nil }
        func secret(_ name: String) -> Secret? { members[name]?.string.map { Secret(utf8: $0) } }
        self.init(
            accessToken: Secret(utf8: access), expiresIn: members["expires_in"]?.integer.map { max(0, $0) },
            refreshToken: secret("refresh_token"), idToken: secret("id_token"), scope: members["scope"]?.string, tokenType: type)
    }

    /// The reply as JSON; holds the tokens in clear.
    package var json: JSONValue {
        var members = JSONObject([("access_token", .string(accessToken.text)), ("token_type", .string(tokenType.rawValue))])
        members["expires_in"] = expiresIn.map { .integer($0) }
        members["refresh_token"] = refreshToken.map { .string($0.text) }
        members["id_token"] = idToken.map { .string($0.text) }
        members["scope"] = scope.map { .string($0) }
        return .object(members)
    }
}
