import Accounts
import Connectors
import JOSE
import Logging
import OpenIDProvider
import Settings
import Web

extension Provider {
    /// The provider of the configuration, with its keys loaded or made.
    static func assemble(
        _ settings: ProviderSettings, stores: Stores, theme: PageTheme, audit: AuditLog, logger: Logger
    ) async throws -> Provider {
        var issuer = IssuerSettings(settings)
        issuer.theme = theme
        let keyring = try await SigningKeyring.load(
            purpose: "provider", algorithms: settings.signingAlgorithms, from: stores.signingKeys, clock: .system)
        return Provider(
            settings: issuer, store: stores.provider, keyring: keyring,
            connectors: settings.passwordConnectors(logger: logger),
            sealing: try sealingKeys(keyring, settings.signingAlgorithms), clock: .system, randomness: .system, audit: audit,
            logger: logger)
    }

    /// What travels sealed through the sign-in page is sealed under a key derived from a signing key: every replica has it, and
    /// nothing more needs configuring.
    private static func sealingKeys(
        _ keyring: SigningKeyring, _ algorithms: [SignatureAlgorithm]
    ) throws -> SealingKeys {
        guard let key = algorithms.lazy.compactMap({ keyring.key($0) }).first else {
            throw StartFailure(description: "the provider has no signing key")
        }
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
    }
}

extension Client {
    init(_ settings: ClientSettings) {
        self.init(
            id: settings.id, name: settings.name, secrets: [settings.secret].compactMap { $0 }, isPublic: settings.isPublic,
            redirectURIs: settings.redirectURIs, postLogoutRedirectURIs: settings.postLogoutRedirectURIs)
    }
}

extension LocalUser {
    init(_ settings: UserSettings) {
        self.init(
            id: settings.userID, email: settings.email, username: settings.username, name: settings.name,
            groups: settings.groups, hash: settings.hash)
    }
}
