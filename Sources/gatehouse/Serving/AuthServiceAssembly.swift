import Accounts
import AuthService
import Connectors
import JOSE
import Logging
import OpenIDProvider
import RelyingParty
import Settings
import Web

/// Puts the auth service of a configuration together.
struct AuthServiceAssembly: Sendable {
    let settings: AuthServiceSettings
    let providerSettings: ProviderSettings?
    /// The provider in this process, if there is one.
    let provider: Provider?
    /// How outside providers are asked.
    let networks: ProviderNetworks
    let stores: Stores
    let lane: SlowLane
    let pool: HashingPool
    let theme: PageTheme
    let audit: AuditLog
    let logger: Logger

    func sessions(_ providers: [SignInProvider]) -> Sessions {
        Sessions(
            store: stores.sessions,
            cache: SessionCache(
                capacity: settings.session.cache, life: stores.lifeInMemory, holdsTokens: settings.checksNeedTokens), lane: lane,
            lifetimes: SessionLifetimes(settings.session), clock: .system, randomness: .system, logger: logger,
            refresh: RefreshSettings(
                providers: providers, grace: settings.session.refreshGrace, audit: audit, randomness: .system),
            cookieKeys: settings.session.store == .cookie
                ? SealingKeys(secrets: settings.secrets, purpose: "auth-service") : nil,
            cookiesHoldAccessToken: settings.identity.handsOnAccessToken)
    }

    func revocations(_ providers: [SignInProvider]) -> UpstreamRevocations {
        UpstreamRevocations(providers: providers, lane: lane, logger: logger)
    }

    func authorizer(sessions: Sessions, _ providers: [SignInProvider]) async throws -> Authorizer {
        let origins = settings.publicURLs.compactMap { Origin($0.origin) }
        guard let home = origins.first else { throw StartFailure(description: "authService.publicURL is missing") }
        let assertions = try await assertionSigner(issuer: home)
        var parts = AuthServiceParts(
            addresses: PublicAddresses(
                home: home, others: Array(origins.dropFirst()), cookieDomains: settings.cookie.domains,
                hosts: settings.publicHosts.map(AuthService.HostPattern.init)),
            ownPath: settings.path, providerPath: ProviderPath(providerSettings, behind: origins),
            cookies: CookiePolicy(settings.cookie),
            rules: RuleSet(settings.rules.map(Rule.init)), identityHeaders: IdentityHeaders(settings.identity),
            assertions: assertions, providers: providers, sessions: sessions,
            sealingKeys: SealingKeys(secrets: settings.secrets, purpose: "auth-service"), clock: .system,
            randomness: .system, audit: audit)
        parts.keptPostBytes = settings.signIn.keepPosts ?? 0
        parts.keepsFragment = settings.keepsFragment
        parts.aliases = PathAliases(settings.compatibility.compactMap { PathAliases.Program(rawValue: $0.rawValue) })
        parts.lane = lane
        parts.endUpstream = endAtEmbeddedProvider
        parts.theme = theme
        // A provider elsewhere on these hosts is an application here, and needs its cookies.
        let providersCookies = parts.providerPath == nil ? [] : Provider.cookieNames
        parts.ownCookies = settings.cookie.strip ? OwnCookies(name: settings.cookie.name, providers: providersCookies) : nil
        parts.logger = logger
        parts.credentials = BearerAssembly(
            settings: settings, providerSettings: providerSettings, provider: provider, networks: networks, stores: stores,
            lane: lane, pool: pool, logger: logger
        ).credentials()
        parts.accessReviews = settings.kubernetes.map { AccessReviews($0, networks) }
        return Authorizer(parts)
    }

    /// Signs somebody out at the provider of this process too, where a session that ended came from there.
    var endAtEmbeddedProvider: (@Sendable (EndedSession) async -> Void)? {
        guard let provider else { return nil }
        let embedded = settings.providers.filter { $0.source == .embedded }.map(\.id)
        return { session in
            guard let id = session.providerSessionID, embedded.contains(where: { sameBytes($0, session.providerID) }) else {
                return
            }
            do throws(ProviderStoreFailure) { try await provider.signOut(sessionID: id) } catch {
                logger.warning("a session was not ended at the provider", metadata: ["reason": .string(error.detail)])
            }
        }
    }

    /// One for all providers and replicas: a token that one of them got is of use to the others.
    private func dpopKey() async throws -> SigningKey? {
        guard settings.providers.contains(where: \.dpop) else { return nil }
        let keyring = try await SigningKeyring.load(
            purpose: "dpop", algorithms: [.es256], from: stores.signingKeys, clock: .system)
        return keyring.key(.es256)
    }

    private func assertionSigner(issuer: Origin) async throws -> AssertionSigner? {
        guard let assertion = settings.identity.assertion else { return nil }
        let keyring = try await SigningKeyring.load(
            purpose: "assertion", algorithms: [assertion.algorithm], from: stores.signingKeys, clock: .system)
        guard let key = keyring.key(assertion.algorithm) else {
            throw StartFailure(description: "there is no key to sign assertions with")
        }
        return AssertionSigner(
            header: assertion.header, issuer: "\(issuer)", audience: assertion.audience, lifetime: assertion.lifetime, key: key,
            published: keyring.published)
    }

    func signInProviders() async throws -> [SignInProvider] {
        let dpopKey = try await dpopKey()
        return try settings.providers.map { try signInProvider($0, dpopKey) }
    }

    private func signInProvider(_ settings: IdentityProviderSettings, _ dpopKey: SigningKey?) throws -> SignInProvider {
        var provider = SignInProvider(
            id: settings.id, client: try relyingParty(settings, dpopKey), name: settings.name,
            hasOwnCallback: settings.hasOwnCallback)
        provider.hosts = settings.hosts.map(AuthService.HostPattern.init)
        provider.admission = SignInAdmission(settings.admission)
        return provider
    }

    private func relyingParty(_ settings: IdentityProviderSettings, _ dpopKey: SigningKey?) throws -> RelyingParty {
        switch settings.source {
        case .issuer(let issuer):
            let client = ProviderClient(settings, issuer: issuer.text, secret: settings.clientSecret, dpopKey: dpopKey)
            return RelyingParty(client: client, exchange: networks.exchange(for: settings.id), clock: .system)
        case .embedded:
            guard let provider, let providerSettings else {
                throw StartFailure(description: "provider \(settings.id) is embedded, and there is no provider section")
            }
            let issuer = providerSettings.issuer.text
            let secret = providerSettings.clients.first { sameBytes($0.id, settings.clientID) }?.secret
            let exchange = EmbeddedProviderExchange(issuer: issuer) { await provider.respond(to: $0) }
            let client = ProviderClient(settings, issuer: issuer, secret: secret, dpopKey: nil)
            return RelyingParty(client: client, exchange: exchange, clock: .system)
        }
    }
}

extension SessionLifetimes {
    init(_ settings: SessionSettings) {
        self.init(
            idle: settings.idle, lifetime: settings.lifetime, limitPerUser: settings.limitPerUser,
            remembering: SessionRemembering(settings.remember))
    }
}

extension SessionRemembering {
    init(_ settings: SessionSettings.Remember) {
        self =
            switch settings {
            case .always: .always
            case .never: .never
            case .ask: .asked
            }
    }
}

extension AuthServiceSettings {
    /// Whether applications are given tokens of the provider's, or others in exchange for those.
    fileprivate var checksNeedTokens: Bool {
        identity.handsOnAccessToken || identity.authorization == .idToken || rules.contains { $0.tokenExchange != nil }
    }
}

extension IdentitySettings {
    /// Whether applications are given the provider's access token.
    fileprivate var handsOnAccessToken: Bool { accessTokenHeader != nil || authorization == .accessToken }
}

extension CookiePolicy {
    init(_ settings: CookieSettings) {
        let sameSite: SetCookie.SameSite =
            switch settings.sameSite {
            case .lax: .lax
            case .strict: .strict
            case .none: .none
            }
        let security: Security =
            switch settings.secure {
            case .auto: .auto
            case .always: .always
            case .never: .never
            }
        self.init(name: settings.name, domains: settings.domains, sameSite: sameSite, security: security)
    }
}

extension IdentityHeaders {
    init(_ settings: IdentitySettings) {
        self.init(
            mappings: settings.headers.compactMap { header in
                HeaderTemplate(header.template).map { Mapping(header: header.name, template: $0) }
            }, strip: settings.strip.map(\.text), assertionHeader: settings.assertion?.header,
            form: settings.encoding == .base64 ? .base64 : .percent, credentials: CredentialHeaders(settings))
    }
}

extension CredentialHeaders {
    init(_ settings: IdentitySettings) {
        let authorization: Authorization? =
            switch settings.authorization {
            case nil: nil
            case .idToken: .idToken
            case .accessToken: .accessToken
            case .basic:
                HeaderTemplate(settings.basic.user).map { .basic(user: $0, password: settings.basic.password) }
            }
        self.init(authorization: authorization, accessTokenHeader: settings.accessTokenHeader)
    }
}
