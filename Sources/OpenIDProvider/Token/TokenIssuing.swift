import JOSE
import OpenIDConnect

/// Makes the tokens for a request that passed every check.
struct TokenIssuing {
    let issuer: Issuer
    let client: Client
    let request: TokenRequest
    let scope: Scope
    let key: SigningKey

    /// `nil` where the client is not there, or no key signs for it.
    init?(_ request: TokenRequest, issuer: Issuer) {
        guard let client = request.client, let scope = request.scope,
            let key = issuer.keyring.key(issuer.settings.signingAlgorithm(of: client))
        else { return nil }
        self.issuer = issuer
        self.client = client
        self.request = request
        self.scope = scope
        self.key = key
    }

    private var lifetimes: TokenLifetimes { issuer.settings.lifetimes(of: client) }

    private var isExchange: Bool { request.grantType == .tokenExchange }

    /// The reply (RFC 6749 §5.1).
    func reply(refreshToken: RefreshToken?) throws -> JSONValue {
        if isExchange, TokenType(request["requested_token_type"]) == .idToken { return try exchangedIDToken() }
        let token = accessToken
        let text = try token.text(client.accessTokenFormat, issuer: issuer, key: key)
        var reply = TokenResponse(
            accessToken: text, expiresIn: token.expiresAt.since(request.now), refreshToken: refreshToken?.text,
            scope: scope.text)
        if request.grant != nil, !isExchange, scope.contains(ClaimScope.openID) { reply.idToken = try idToken(text) }
        return isExchange ? typed(reply.json, .accessToken) : reply.json
    }

    private var accessToken: AccessToken {
        let expiry = request.now.adding(lifetimes.accessToken)
        return AccessToken(
            id: issuer.randomness.token(16), grantID: request.grant?.id,
            subject: request.grant?.subject ?? request.subject?.subject ?? client.id, clientID: client.id,
            audience: TokenAudience.ofAccessToken(client, scope: scope, named: request.audience, issuer.settings), scope: scope,
            // What came out of another token does not outlive it.
            issuedAt: request.now, expiresAt: request.subject.map { min($0.expiresAt, expiry) } ?? expiry,
            sessionID: request.grant?.sessionID, authTime: request.grant?.authTime, actor: isExchange ? actor : nil,
            certificate: client.bindsAccessTokens ? request.certificateThumbprint : nil)
    }

    /// RFC 8693 §4.1: who acts now, and inside who acted before.
    private var actor: JSONValue {
        var members = JSONObject([("sub", .string(client.id))])
        members["act"] = request.subject?.actor
        return .object(members)
    }

    private func idToken(_ accessToken: Secret?) throws -> Secret? {
        guard let grant = request.grant else { return nil }
        var token = IDToken(
            issuer: issuer, client: client, grant: grant, scope: scope, nonce: request.code?.nonce, now: request.now)
        token.audience = TokenAudience.ofIDToken(client, scope: scope, named: request.audience, issuer.settings)
        token.code = request.code == nil ? nil : request["code"].map { Secret(utf8: $0) }
        return try token.signed(with: key, accessToken: accessToken)
    }

    /// It stands where the access token does, and is none (RFC 8693 §2.2.1).
    private func exchangedIDToken() throws -> JSONValue {
        let token = try idToken(nil)
        let reply = TokenResponse(accessToken: token ?? Secret(utf8: ""), expiresIn: lifetimes.idToken, scope: scope.text)
        return typed(reply.json, .idToken)
    }

    private func typed(_ reply: JSONValue, _ type: TokenType) -> JSONValue {
        var members = reply.object ?? JSONObject()
        members["issued_token_type"] = .string(type.rawValue)
        if type == .idToken { members["token_type"] = "N_A" }
        return .object(members)
    }
}
