package import Accounts
package import JOSE
package import Logging
package import Web

/// Everything that the auth service is put together from: checked settings as values, and the parts that reach outside.
package struct AuthServiceParts: Sendable {
    package var addresses: PublicAddresses {
        didSet { cookiePlaces = CookiePlaces(addresses: addresses, policy: cookies) }
    }
    /// Where the service's own endpoints live on every public host: `/_gatehouse`.
    package var ownPath: String
    /// The paths of the embedded provider, if there is one: always open, since they are where people sign in.
    package var providerPath: ProviderPath?
    package let cookies: CookiePolicy
    package var rules: RuleSet
    package var identityHeaders: IdentityHeaders
    package var assertions: AssertionSigner?
    package var providers: [SignInProvider]
    /// Whether a page of ours stands before the provider, so that the part of an address behind `#` outlives a sign-in.
    package var keepsFragment = false
    package var sessions: Sessions
    /// What else than the session cookie says who somebody is.
    package var credentials = Credentials()
    /// How rules ask a Kubernetes API server; `nil`: none does.
    package var accessReviews: AccessReviews?
    package var sealingKeys: SealingKeys
    package var clock: WallClock
    package var randomness: Randomness
    package var audit: AuditLog
    /// Made of `addresses` and `cookies`.
    private(set) var cookiePlaces: CookiePlaces
    package var theme = PageTheme.builtIn
    /// What is taken out of requests before applications see them; `nil`: nothing is.
    package var ownCookies: OwnCookies?
    /// The paths of other programs under which our endpoints are reached, too.
    package var aliases = PathAliases.none
    /// Bytes of a form that is kept in the browser over a sign-in; 0: none is.
    package var keptPostBytes = 0
    /// For what nobody has to wait for; `nil`: done before the answer.
    package var lane: SlowLane?
    package var logger: Logger?
    /// Ends the session at the provider that one of ours came from, where nobody's browser is sent there for it; `nil`: the provider
    /// is elsewhere.
    package var endUpstream: (@Sendable (EndedSession) async -> Void)?

    package init(
        addresses: PublicAddresses, ownPath: String, providerPath: ProviderPath?, cookies: CookiePolicy, rules: RuleSet,
        identityHeaders: IdentityHeaders, assertions: AssertionSigner?, providers: [SignInProvider], sessions: Sessions,
        sealingKeys: SealingKeys, clock: WallClock, randomness: Randomness, audit: AuditLog
    ) {
        self.addresses = addresses
        self.ownPath = ownPath
        self.providerPath = providerPath
        self.cookies = cookies
        self.rules = rules
        self.identityHeaders = identityHeaders
        self.assertions = assertions
        self.providers = providers
        self.sessions = sessions
        self.sealingKeys = sealingKeys
        self.clock = clock
        self.randomness = randomness
        self.audit = audit
        cookiePlaces = CookiePlaces(addresses: addresses, policy: cookies)
    }
}

extension AuthServiceParts {
    var revocations: UpstreamRevocations { UpstreamRevocations(providers: providers, lane: lane, logger: logger) }

    /// How pages look to whoever sent the request.
    func look(for request: WebRequest) -> PageLook { PageLook(assetsPath: "\(ownPath)/assets", for: request, theme: theme) }

    /// Ends another browser's session at the provider as well. This one's is sent there itself, and may have sessions on several
    /// hosts.
    func endOther(_ session: EndedSession, than current: Session) async {
        guard session.key != current.key, session.providerSessionID != current.providerSessionID else { return }
        await endUpstream?(session)
    }

    /// Where a provider sends the browser back to: at its own path, or at that of another program whose registration goes on.
    func callbackPath(_ provider: SignInProvider) -> String {
        let alias = provider.hasOwnCallback ? nil : aliases.callbackPath
        return alias ?? "\(ownPath)/\(provider.callbackPath)"
    }

    /// Where a sign-in begins that ends at `target`.
    func signInURL(at origin: Origin, target: String, demand: SignInDemand = SignInDemand()) -> String {
        QueryString([("rd", target)] + demand.parameters).appending(to: "\(origin)\(ownPath)/sign-in")
    }

    /// Writes an audit line about a request.
    /// - Returns: what the person is shown, too.
    @discardableResult
    func record(
        _ kind: AuditEvent.Kind, _ request: WebRequest, identity: Identity? = nil, reason: String? = nil, rule: String? = nil
    ) -> Reference {
        var event = AuditEvent(kind: kind, reference: Reference(randomness: randomness), reason: reason)
        if let identity { event = event.about(identity) }
        event.clientAddress = request.clientAddress
        event.requestID = request.id
        event.rule = rule
        audit.record(event)
        return event.reference
    }
}

/// Where the embedded provider's endpoints are: under one path of one host.
package struct ProviderPath: Sendable {
    private let host: [UInt8]
    /// Ends in `/`.
    private let prefix: [UInt8]

    /// - Parameters:
    ///   - origin: of the issuer; its host counts, whatever the port.
    ///   - path: of the issuer, as `/dex`; not `/`, which would open everything.
    package init?(origin: Origin, path: String) {
        guard path.utf8.count > 1, let normalised = try? RequestPath(target: path + "/") else { return nil }
        host = Array(origin.host.utf8)
        prefix = normalised.bytes
    }

    func contains(host: Span<UInt8>, path: Span<UInt8>) -> Bool {
        sameBytes(self.host.span, host) && (hasPrefix(path, prefix) || sameBytes(path, prefix.span.extracting(droppingLast: 1)))
    }
}
