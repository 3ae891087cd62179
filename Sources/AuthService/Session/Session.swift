package import Accounts
package import JOSE

/// One browser's sign-in, as the store keeps it.
package struct Session: Sendable {
    // First what every check reads.

    /// Where its cookie belongs (`CookiePolicy.scope`): the session is nobody's anywhere else.
    package let scope: String
    /// The end, however much the session is used.
    package let expiresAt: UnixTime
    package var createdAt: UnixTime
    /// When the tokens are due for new ones, and how that goes.
    package var refresh: RefreshState
    /// The SHA-256 of the cookie's value: whoever reads the store cannot make cookies of it.
    package let key: SessionKey
    /// Grows by one with every change but `lastUsedAt`; a change names the version that it read.
    package var version: Int64
    package var identity: Identity
    /// The `id` of the provider that the person signed in at.
    package let providerID: String
    /// The provider's own name for its session (`sid`), for its notices of sign-out.
    package let providerSessionID: String?
    /// When the person proved who they are, as the provider says.
    package let authTime: UnixTime
    /// What the provider itself has said of how the person signed in.
    package let authentication: SessionAuthentication
    /// Written at most once a minute.
    package var lastUsedAt: UnixTime
    /// For `id_token_hint` at sign-out.
    package var idToken: Secret?
    package var refreshToken: Secret?
    /// The provider's, for applications that are given it.
    package var accessToken: Secret?
    /// The three tokens as they lie in a store that is sealed; `nil` everywhere else.
    package var sealedTokens: [UInt8]?
    /// The scopes that the provider has granted, as its newest word on them says; empty where it is not known.
    package var grantedScopes: [String]
    /// What it was begun with, for people who look at the list of their sessions.
    package var device: SessionDevice

    package init(
        key: SessionKey, version: Int64 = 1, identity: Identity, scope: String, providerID: String, providerSessionID: String?,
        authTime: UnixTime, authentication: SessionAuthentication = SessionAuthentication(), createdAt: UnixTime,
        lastUsedAt: UnixTime, expiresAt: UnixTime, idToken: Secret?,
        refreshToken: Secret?, accessToken: Secret? = nil, grantedScopes: [String] = [],
        refresh: RefreshState = RefreshState(),
        device: SessionDevice = SessionDevice()
    ) {
        self.key = key
        self.version = version
        self.identity = identity
        self.scope = scope
        self.providerID = providerID
        self.providerSessionID = providerSessionID
        self.authTime = authTime
        self.authentication = authentication
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.idToken = idToken
        self.refreshToken = refreshToken
        self.accessToken = accessToken
        self.grantedScopes = grantedScopes
        self.refresh = refresh
        self.device = device
    }
}
