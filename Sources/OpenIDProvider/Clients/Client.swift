package import JOSE

/// A client of the provider (RFC 6749 §2).
package struct Client: Sendable {
    package let id: String
    /// What users read.
    package var name: String
    /// Any of them authenticates; empty exactly for public clients.
    package var secrets: [Secret]
    /// Whether the client can keep no secret (RFC 6749 §2.1): it has none, and has to use PKCE.
    package var isPublic: Bool
    /// Compared byte for byte; for public clients loopback addresses match with any port (RFC 8252 §7.3).
    package var redirectURIs: [String]
    /// Compared byte for byte.
    package var postLogoutRedirectURIs: [String]
    /// `nil`: the issuer's default.
    package var idTokenSigningAlgorithm: SignatureAlgorithm?
    /// `nil`: the issuer's.
    package var lifetimes: TokenLifetimes?

    package init(
        id: String, name: String, secrets: [Secret], isPublic: Bool = false, redirectURIs: [String],
        postLogoutRedirectURIs: [String] = [], idTokenSigningAlgorithm: SignatureAlgorithm? = nil,
        lifetimes: TokenLifetimes? = nil
    ) {
        self.id = id
        self.name = name
        self.secrets = secrets
        self.isPublic = isPublic
        self.redirectURIs = redirectURIs
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.idTokenSigningAlgorithm = idTokenSigningAlgorithm
        self.lifetimes = lifetimes
    }
}
