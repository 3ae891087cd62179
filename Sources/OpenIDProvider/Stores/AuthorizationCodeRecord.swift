package import JOSE

/// An authorization code (RFC 6749 §4.1.2) as a store keeps it.
package struct AuthorizationCodeRecord: Sendable, Equatable {
    /// The code's digest; unique.
    package let key: SecretDigest
    /// The grant that it stands for.
    package let grantID: String
    package let clientID: String
    /// As sent to the authorization endpoint; the token request has to repeat it (RFC 6749 §4.1.3).
    package let redirectURI: String
    package let nonce: String?
    /// S256 (RFC 7636 §4.2).
    package let codeChallenge: String?
    package let expiresAt: UnixTime
    /// Set by `takeAuthorizationCode` only.
    package var isUsed: Bool

    package init(
        key: SecretDigest, grantID: String, clientID: String, redirectURI: String, nonce: String?, codeChallenge: String?,
        expiresAt: UnixTime, isUsed: Bool
    ) {
        self.key = key
        self.grantID = grantID
        self.clientID = clientID
        self.redirectURI = redirectURI
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.expiresAt = expiresAt
        self.isUsed = isUsed
    }
}
