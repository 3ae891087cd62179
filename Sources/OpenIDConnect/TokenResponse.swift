package import JOSE

/// The token endpoint's successful reply (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
package struct TokenResponse: Sendable {
    package var accessToken: Secret
    /// Seconds from now, where told.
    package var expiresIn: Int64?
    package var refreshToken: Secret?
    package var idToken: Secret?
    /// The scope granted, where told.
    package var scope: String?

    package init(
        accessToken: Secret, expiresIn: Int64?, refreshToken: Secret? = nil, idToken: Secret? = nil, scope: String? = nil
    ) {
        self.accessToken = accessToken
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.idToken = idToken
        self.scope = scope
    }

    /// `nil` where `access_token` is missing or `token_type` is not `Bearer` (in any case of letters).
    package init?(json: JSONValue) {
        guard let members = json.object, let access = members["access_token"]?.string,
            members["token_type"]?.string?.lowercased() == "bearer"
        else { return nil }
        func secret(_ name: String) -> Secret? { members[name]?.string.map { Secret(utf8: $0) } }
        self.init(
            accessToken: Secret(utf8: access), expiresIn: members["expires_in"]?.integer.map { max(0, $0) },
            refreshToken: secret("refresh_token"), idToken: secret("id_token"), scope: members["scope"]?.string)
    }

    /// The reply as JSON; holds the tokens in clear.
    package var json: JSONValue {
        var members = JSONObject([("access_token", .string(accessToken.text)), ("token_type", "Bearer")])
        members["expires_in"] = expiresIn.map { .integer($0) }
        members["refresh_token"] = refreshToken.map { .string($0.text) }
        members["id_token"] = idToken.map { .string($0.text) }
        members["scope"] = scope.map { .string($0) }
        return .object(members)
    }
}
