import JOSE

/// An authorization code for a user who has just signed in, and the grant behind it.
struct IssuedCode {
    /// 256 random bits.
    let code: Secret
    let record: AuthorizationCodeRecord
    let grant: GrantRecord

    init(user: ConnectorUser, connectorID: String, signIn: PendingSignIn, issuer: Issuer) {
        let now = issuer.clock.now
        let expiry = now.adding(issuer.settings.lifetimes(of: signIn.client).authorizationCode)
        code = Secret(utf8: issuer.randomness.token(32))
        grant = GrantRecord(
            id: issuer.randomness.token(16), sessionID: issuer.randomness.token(16), clientID: signIn.client.id,
            subject: Subject.of(user, connectorID: connectorID), connectorID: connectorID, user: user, authTime: now,
            scope: signIn.request.scope, createdAt: now, expiresAt: expiry)
        record = AuthorizationCodeRecord(
            key: SecretDigest(of: code), grantID: grant.id, clientID: signIn.client.id,
            redirectURI: signIn.request.redirectURI, nonce: signIn.request.nonce,
            codeChallenge: signIn.request.codeChallenge, expiresAt: expiry, isUsed: false)
    }
}
