import JOSE

/// An authorization code for somebody who is signed in, and the grant behind it.
struct IssuedCode {
    /// 256 random bits.
    let code: Secret
    let record: AuthorizationCodeRecord
    let grant: GrantRecord

    init(account: SSOAccount, request: AuthorizationRequest, client: Client, issuer: Issuer) {
        let now = issuer.clock.now
        let expiry = now.adding(issuer.settings.lifetimes(of: client).authorizationCode)
        code = Secret(utf8: issuer.randomness.token(32))
        grant = GrantRecord(
            id: issuer.randomness.identifier(), sessionID: account.id, clientID: client.id, subject: account.subject,
            connectorID: account.connectorID, user: account.user, authTime: account.authTime,
            authentication: account.told(to: request.demand, issuer.secondFactor), scope: request.scope,
            claims: request.claims, createdAt: now,
            expiresAt: expiry)
        record = AuthorizationCodeRecord(
            key: SecretDigest(of: code), grantID: grant.id, clientID: client.id, redirectURI: request.redirectURI,
            nonce: request.nonce, codeChallenge: request.codeChallenge, expiresAt: expiry, isUsed: false)
    }
}
