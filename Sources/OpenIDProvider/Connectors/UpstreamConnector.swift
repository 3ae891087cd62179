package import JOSE
package import Web

/// Somebody else who signs people in: the browser is sent there, and comes back to `/callback` with their word.
package protocol UpstreamConnector: Connector {
    /// The redirect URI as the upstream has it registered: the issuer's `/callback` or `/callback/{id}`; nil: the former.
    var redirectURI: String? { get }

    /// Where to send the browser.
    func authorizationURL(for request: UpstreamRequest) async throws(UpstreamFailed) -> String

    /// What the browser has brought back. `request` is the one that it was sent away with.
    func signIn(_ reply: UpstreamReply, to request: UpstreamRequest) async -> UpstreamOutcome

    /// Whose ID token of the upstream a client shows, that was issued for our client there (RFC 8693 §2.1).
    func user(ofIDToken token: Secret) async -> UpstreamOutcome

    /// Whose access token of the upstream a client shows (RFC 8693 §2.1). One that was issued to another application signs nobody in:
    /// whoever runs that one holds such a token of each of its users, and would be all of them here.
    /// - Parameter wantsGroups: whether the client is told groups.
    func user(ofAccessToken token: Secret, wantsGroups: Bool) async -> UpstreamOutcome

    /// Who `user` is now, asked when tokens are refreshed or a session is used.
    /// - Parameter kept: as the last answer had it.
    func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh
}

extension UpstreamConnector {
    /// Most upstreams have no tokens that say for whom they were issued.
    package func user(ofIDToken token: Secret) async -> UpstreamOutcome {
        .refused(UpstreamRefusal(.reply, "the upstream has no ID tokens"))
    }

    package func user(ofAccessToken token: Secret, wantsGroups: Bool) async -> UpstreamOutcome {
        .refused(UpstreamRefusal(.reply, "the upstream has no access tokens"))
    }

    package var way: ConnectorWay { .upstream(self) }
}

/// What one sign-in upstream is asked with.
package struct UpstreamRequest: Sendable {
    package let redirectURI: String
    package let state: String
    package let nonce: String
    /// RFC 7636 §4.1.
    package let codeVerifier: Secret
    /// Whether the credentials have to be given anew, whoever is signed in there.
    package var asksForLogin = false
    /// Whether somebody else is meant than who is signed in there.
    package var asksForAccount = false
    /// Seconds since the person gave their credentials there.
    package var maxAge: Int64?
    package var acrValues: [String] = []
    /// Whether one of `acrValues` has to be met.
    package var isACREssential = false
    package var loginHint: String?
    package var uiLocales: [String] = []
    /// Whether the client will refresh its tokens: then the upstream should give what it can be asked again with.
    package var isOffline = false
    /// Whether the client is told groups.
    package var wantsGroups = false

    /// What `prompt` says of it (OpenID Connect Core §3.1.2.1).
    package var prompts: [String] { asksForLogin ? ["login"] : asksForAccount ? ["select_account"] : [] }

    package init(redirectURI: String, state: String, nonce: String, codeVerifier: Secret) {
        self.redirectURI = redirectURI
        self.state = state
        self.nonce = nonce
        self.codeVerifier = codeVerifier
    }
}

/// The request at `/callback`, its state checked.
package struct UpstreamReply: Sendable {
    /// The query; no name comes twice.
    package let fields: FormFields
    package let headers: HeaderList
    /// Of the other end of the connection itself, whatever headers say; empty where that is not known.
    package let peerAddress: String

    package init(fields: FormFields, headers: HeaderList, peerAddress: String) {
        self.fields = fields
        self.headers = headers
        self.peerAddress = peerAddress
    }
}

/// How a sign-in upstream ended.
package enum UpstreamOutcome: Sendable {
    case authenticated(UpstreamUser)
    case refused(UpstreamRefusal)
    /// Nothing is known about the person.
    case failed(UpstreamFailed)
}

/// Whom an upstream vouches for.
package struct UpstreamUser: Sendable {
    package let user: ConnectorUser
    package var authentication: Authentication
    /// When they gave their credentials there, where that is told.
    package var authTime: UnixTime?
    /// What the upstream is asked again with; nil: it cannot be, and the person stays who they were at the sign-in. Stored sealed.
    package var kept: Secret?

    package init(
        user: ConnectorUser, authentication: Authentication = .elsewhere, authTime: UnixTime? = nil, kept: Secret? = nil
    ) {
        self.user = user
        self.authentication = authentication
        self.authTime = authTime
        self.kept = kept
    }
}

/// Why nobody is signed in by what an upstream says.
package struct UpstreamRefusal: Error, Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The person or the upstream said no.
        case denied
        /// Not somebody whom the connector takes.
        case notAdmitted
        /// There is no e-mail address that the upstream vouches for.
        case email
        /// The reply is not one to act on.
        case reply
    }

    package let kind: Kind
    /// For the audit log: from our own words or an error code, never a value that came from outside.
    package let reason: String

    package init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }
}

/// An upstream that cannot be asked at the moment, or answers what nobody understands.
package struct UpstreamFailed: Error, Sendable, Equatable {
    /// For the log: no secret.
    package let detail: String
    /// Seconds after which it may be asked again, where it says so.
    package var retryAfter: Int64?

    package init(detail: String, retryAfter: Int64? = nil) {
        self.detail = detail
        self.retryAfter = retryAfter
    }
}

/// What an upstream says when it is asked for a user again.
package enum UpstreamRefresh: Sendable {
    /// - Parameter kept: in place of what was kept before.
    case current(ConnectorUser, kept: Secret)
    /// Deleted, disabled, no longer one whom the connector takes, or their consent was withdrawn.
    case gone
    /// - Parameter kept: in place of what was kept before, where the upstream had given new tokens before it failed: the old refresh
    ///   token may be worth nothing any more.
    case failed(UpstreamFailed, kept: Secret? = nil)
}
