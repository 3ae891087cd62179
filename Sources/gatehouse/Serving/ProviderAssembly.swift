import Accounts
import Connectors
import JOSE
import Logging
import OpenIDProvider
import RelyingParty
import Settings
import Web
import WebAuthn

/// The provider of the configuration, and the keys that it signs with.
struct ProviderAssembly: Sendable {
    let provider: Provider
    let keyring: RotatingKeyring
    /// `nil` where there are none in the storage.
    let clients: StoredClients?
    /// `nil` where there are none in the storage.
    let connectors: StoredConnectors?

    /// How long ID tokens are taken as hints at least, whatever their own lifetime is: the sessions of applications last as long.
    private static let hintLife: Int64 = 7 * 86400

    init(
        _ settings: ProviderSettings, stores: Stores, networks: ProviderNetworks, pool: HashingPool, theme: PageTheme,
        audit: AuditLog, logger: Logger
    ) async throws {
        var issuer = IssuerSettings(settings)
        issuer.theme = theme
        do {
            keyring = try await RotatingKeyring.load(
                purpose: "provider", algorithms: settings.signingAlgorithms, schedule: Self.schedule(settings),
                from: stores.signingKeys, clock: .system)
            let sealing = try await Self.sealingKeys(stores.signingKeys)
            if settings.storesClients || settings.registration != nil {
                let stored = try await StoredClients.load(stores.clients)
                clients = stored
                issuer.storedClients = settings.storesClients ? stored : nil
                issuer.registration = settings.registration.map {
                    ClientRegistration(
                        initialAccessToken: $0.token, life: $0.lifetime, clients: stored, sealing: sealing, clock: .system)
                }
            } else {
                clients = nil
            }
            connectors =
                settings.storesConnectors
                ? try await StoredConnectors.load(
                    stores.connectors, sealing: ConnectorSealing(sealing), logger: logger,
                    make: settings.connectorMaker(networks: networks, logger: logger)) : nil
            issuer.storedConnectors = connectors
            provider = Provider(
                settings: issuer, store: stores.provider, transients: stores.transients, sso: stores.sso,
                upstream: stores.upstream, secondFactors: stores.secondFactors, keyring: keyring,
                connectors: settings.connectors(networks: networks, store: stores.users, pool: pool, logger: logger),
                users: try settings.userAccounts(store: stores.users, pool: pool), tries: stores.tries,
                clientKeys: ClientKeySets(settings, exchange: networks.common, logger: logger),
                sealing: sealing, clock: .system, randomness: .system, audit: audit,
                logger: logger)
        } catch let error as SealedSigningKeyStore.Unopened {
            throw StartFailure(description: error.description)
        } catch let failure as ProviderStoreFailure {
            throw StartFailure(description: "the clients or connectors cannot be read: \(failure.detail)")
        }
    }

    private static func schedule(_ settings: ProviderSettings) -> KeySchedule {
        let lifetimes = settings.clients.flatMap { [$0.idTokenLifetime, $0.accessTokenLifetime] }.compactMap { $0 }
        // The ID token of a sign-in is a hint for as long as its session can last.
        let longest =
            ([settings.tokens.idToken, settings.tokens.accessToken, settings.sessions.lifetime] + lifetimes).reduce(hintLife, max)
        return KeySchedule(
            rotateAfter: settings.keys.rotateAfter, publishAhead: settings.keys.publishAhead,
            keepAfter: longest + settings.tokens.refresh.reuseWindow)
    }

    /// What travels sealed through browsers and in opaque tokens is sealed under a secret in the storage, which never changes: every
    /// replica has it, and nothing more needs configuring.
    private static func sealingKeys(_ store: any SigningKeyStore) async throws -> SealingKeys {
        let keyring = try await SigningKeyring.load(
            purpose: "provider-sealing", algorithms: [.edDSA], from: store, clock: .system)
        guard let key = keyring.key(.edDSA) else { throw StartFailure(description: "the provider has no secret to seal with") }
        return SealingKeys(secrets: [Secret(hmacSHA256("provider/sealing".utf8, key: key.stored))], purpose: "provider")
    }
}

extension IssuerSettings {
    init(_ settings: ProviderSettings) {
        let tokens = settings.tokens
        self.init(
            issuer: settings.issuer.text, clients: settings.clients.map(Client.init),
            lifetimes: TokenLifetimes(
                idToken: tokens.idToken, accessToken: tokens.accessToken, refreshIdle: tokens.refresh.idle,
                refreshLifetime: tokens.refresh.lifetime, refreshReuseWindow: tokens.refresh.reuseWindow),
            signingAlgorithms: settings.signingAlgorithms)
        sessions = SSOSettings(settings.sessions)
        secondFactor.take(settings)
        passkeys = RelyingPartyPolicy(settings)
        passwordConnector = settings.passwordConnector
        clientCertificates = settings.clientCertificates.map {
            ClientCertificateTrust(authorities: $0.authorities, url: $0.url?.text)
        }
        assertionIssuers = settings.assertionIssuers.map {
            AssertionIssuer(id: $0.id, issuer: $0.issuer.text, keys: Client.Keys($0.keys))
        }
    }
}

extension SecondFactorSettings {
    fileprivate mutating func take(_ settings: ProviderSettings) {
        let mfa = settings.mfa
        label = mfa.label ?? label
        isRequired = mfa.required == .always
        groups = mfa.groups
        acrValues = mfa.acrValues
        for connector in settings.connectors { connectors[connector.id] = connector.mfa.map(SecondFactorRule.init) }
    }
}

extension RelyingPartyPolicy {
    /// `nil` where there can be no passkeys, or there shall be none.
    fileprivate init?(_ settings: ProviderSettings) {
        let passkeys = settings.mfa.passkeys
        guard let id = passkeys.relyingPartyID(for: settings.issuer), let origin = Origin(settings.issuer.text) else {
            return nil
        }
        self.init(
            id: id, name: passkeys.rpName ?? id, origin: "\(origin)",
            attestation: passkeys.attestationRoots.isEmpty ? .any : .trusted(passkeys.attestationRoots))
        userVerification =
            switch passkeys.userVerification {
            case .required: .required
            case .preferred: .preferred
            case .discouraged: .discouraged
            }
    }
}

extension SecondFactorRule {
    init(_ rule: SecondFactorRuleSetting) {
        switch rule {
        case .skip: self = .skip
        case .ifEnrolled: self = .ifEnrolled
        case .required: self = .required
        }
    }
}

extension SSOSettings {
    fileprivate init(_ settings: ProviderSessionSettings) {
        let remember: Remember =
            switch settings.remember {
            case .ask: .ask
            case .always: .always
            case .never: .never
            }
        self.init(
            idle: settings.idle, lifetime: settings.lifetime, remember: remember,
            accountsPerBrowser: settings.accountsPerBrowser, keepsOfflineAccess: settings.keepsOfflineAccess,
            noticeLifetime: settings.logoutNotices)
    }
}

extension LocalUser {
    init(_ settings: UserSettings) {
        self.init(
            id: settings.userID, email: settings.email, username: settings.username, name: settings.name,
            groups: settings.groups, hash: settings.hash)
    }
}
