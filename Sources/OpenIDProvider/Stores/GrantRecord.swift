package import JOSE
package import OpenIDConnect

/// One sign-in of one user at one client, with everything that was issued from it: the family of its refresh tokens, and the
/// access tokens that carry its id.
package struct GrantRecord: Sendable, Equatable {
    /// `grant_id` in access tokens; unique.
    package let id: String
    /// `sid`: the session at the provider (OpenID Connect Front-Channel Logout §3). Grants of several clients may share it.
    package let sessionID: String
    package let clientID: String
    /// `sub`
    package let subject: String
    /// The connector that knows the user, and its answer: who that was, as of the sign-in or the last refresh.
    package let connectorID: String
    package var user: ConnectorUser
    package let authTime: UnixTime
    /// How they signed in then.
    package let authentication: Authentication
    package let scope: Scope
    /// Told beside what the scope covers, to this client alone.
    package let claims: SingleClaims
    package let createdAt: UnixTime
    /// From here on nothing of this grant is valid any more and the row may be swept. Moves with every refresh.
    package var expiresAt: UnixTime
    /// Where the family of refresh tokens stands; `nil` until the code is exchanged, and without `offline_access`.
    package var refresh: RefreshFamily?
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        id: String, sessionID: String, clientID: String, subject: String, connectorID: String, user: ConnectorUser,
        authTime: UnixTime, authentication: Authentication = .password, scope: Scope, claims: SingleClaims = SingleClaims(),
        createdAt: UnixTime, expiresAt: UnixTime, refresh: RefreshFamily? = nil, version: Int64 = 1
    ) {
        self.id = id
        self.sessionID = sessionID
        self.clientID = clientID
        self.subject = subject
        self.connectorID = connectorID
        self.user = user
        self.authTime = authTime
        self.authentication = authentication
        self.scope = scope
        self.claims = claims
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        self.refresh = refresh
        self.version = version
    }
}

/// The refresh tokens of one grant, of which one is the newest. A token is made of the family's handle, its generation and an
/// HMAC over both: so an old token is known as one of ours although only the generation is stored, and the newest can be given
/// again when its first reply got lost.
package struct RefreshFamily: Sendable, Equatable {
    /// The digest of the handle; unique.
    package let handle: SecretDigest
    /// The HMAC's key, 32 bytes. Without a token (which has the handle) it is worth nothing.
    package let key: [UInt8]
    /// The newest token's; 1 at first.
    package var generation: Int64
    /// When the newest token was issued.
    package var rotatedAt: UnixTime

    package init(handle: SecretDigest, key: [UInt8], generation: Int64, rotatedAt: UnixTime) {
        self.handle = handle
        self.key = key
        self.generation = generation
        self.rotatedAt = rotatedAt
    }
}
