package import Accounts
package import JOSE
package import Logging
package import Web

/// Everything that the auth service is put together from: checked settings as values, and the parts that reach outside.
package struct AuthServiceParts: Sendable {
    package var addresses: PublicAddresses
    /// Where the service's own endpoints live on every public host: `/_gatehouse`.
    package var ownPath: String
    /// The paths of the embedded provider, if there is one: always open, since they are where people sign in.
    package var providerPath: ProviderPath?
    package var cookies: CookiePolicy
    package var rules: RuleSet
    package var identityHeaders: IdentityHeaders
    package var assertions: AssertionSigner?
    package var providers: [SignInProvider]
    package var sessions: Sessions
    package var sealingKeys: SealingKeys
    package var clock: WallClock
    package var randomness: Randomness
    package var audit: AuditLog
    package var logger: Logger

    package init(
        addresses: PublicAddresses, ownPath: String, providerPath: ProviderPath?, cookies: CookiePolicy, rules: RuleSet,
        identityHeaders: IdentityHeaders, assertions: AssertionSigner?, providers: [SignInProvider], sessions: Sessions,
        sealingKeys: SealingKeys, clock: WallClock, randomness: Randomness, audit: AuditLog, logger: Logger
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
        self.logger = logger
    }
}

/// Where the embedded provider's endpoints are: under one path of one host.
package struct ProviderPath: Sendable {
    private let host: String
    private let prefix: PathPattern

    /// - Parameters:
    ///   - origin: of the issuer; its host counts, whatever the port.
    ///   - path: of the issuer, as `/dex`; not `/`, which would open everything.
    package init?(origin: Origin, path: String) {
        guard path.utf8.count > 1, let normalised = try? RequestPath(target: path + "/") else { return nil }
        host = origin.host
        prefix = .below(prefix: normalised.bytes)
    }

    func contains(host: String, path: [UInt8]) -> Bool { sameBytes(self.host, host) && prefix.matches(path) }
}
