import Accounts
import AuthService
import Connectors
import JOSE
import Logging
import OpenIDConnect
import OpenIDProvider
import RelyingParty
import Settings
import Web

/// Puts together what takes bearer tokens.
struct BearerAssembly: Sendable {
    let settings: AuthServiceSettings
    let providerSettings: ProviderSettings?
    let provider: Provider?
    let networks: ProviderNetworks
    let stores: Stores
    let lane: SlowLane
    /// The one on which every password is checked.
    let pool: HashingPool
    let logger: Logger

    func credentials() -> Credentials {
        var credentials = Credentials()
        credentials.onInvalid = settings.onInvalidBearer == .signIn ? .signIn : .unauthorized
        if !settings.bearer.isEmpty {
            credentials.bearerTokens = BearerTokens(issuers: settings.bearer.map(issuer), clock: .system)
        }
        credentials.personalTokens = settings.personalTokens.map { limits in
            PersonalTokens(
                store: stores.personalTokens, limits: .init(maximumLifetime: limits.lifetime, perUser: limits.perUser),
                life: stores.lifeInMemory, lane: lane, clock: .system, randomness: .system, logger: logger)
        }
        credentials.basic = settings.basicAuthentication ? basic() : nil
        if !settings.clientCertificates.isEmpty {
            credentials.clientCertificates = ClientCertificates(
                issuers: settings.clientCertificates.map(ClientCertificateIssuer.init), clock: .system)
        }
        return credentials
    }

    /// The users of the embedded provider, under the names that its tokens give them.
    private func basic() -> BasicCredentials? {
        guard let providerSettings else { return nil }
        let connectors = providerSettings.passwordConnectors(store: stores.users, pool: pool, logger: logger)
        let issuer = providerSettings.issuer.text
        let generation: @Sendable () -> Int64 = { [provider] in provider?.connectorRevision ?? 0 }
        return BasicCredentials(clock: .system, randomness: .system, generation: generation) { [provider] login, password in
            let all = connectors + (provider?.storedPasswordConnectors ?? [])
            return await Self.person(login, password, in: all, issuer, provider)
        }
    }

    /// Whom the first of the connectors knows. One that cannot say leaves it open who somebody is that no other knows.
    private static func person(
        _ login: String, _ password: Secret, in connectors: [any PasswordConnector], _ issuer: String,
        _ provider: Provider?
    ) async -> PasswordAnswer {
        var answer = PasswordAnswer.wrong
        for connector in connectors {
            switch await connector.authenticate(login: login, password: password) {
            case .authenticated(let user):
                // Nobody can be asked for more in a header.
                do throws(ProviderStoreFailure) {
                    guard try await provider?.isPasswordEnough(user, of: connector.id) ?? true else { return .wrong }
                } catch { return .failed(detail: error.detail) }
                let subject = Subject.of(user, connectorID: connector.id)
                return .person(Identity(issuer: issuer, subject: subject, claims: user.claims))
            case .wrong: continue
            case .busy: answer = .busy
            case .failed(let detail): answer = .failed(detail: detail)
            }
        }
        return answer
    }

    private func issuer(_ settings: BearerSettings) -> BearerIssuer {
        let exchange = exchange(settings)
        let directory = IssuerDirectory(
            issuer: settings.issuer.text, location: IssuerLocation(settings), exchange: exchange, clock: .system)
        return BearerIssuer(
            policy: BearerPolicy(settings), directory: directory, verification: verification(settings, directory, exchange))
    }

    /// The provider in this process is asked in memory, everybody else over the network.
    private func exchange(_ settings: BearerSettings) -> any ProviderExchange {
        let issuer = settings.issuer.text
        if let provider, let own = providerSettings?.issuer.text, sameBytes(own, issuer) {
            return EmbeddedProviderExchange(issuer: issuer) { await provider.respond(to: $0) }
        }
        return networks.exchange(forBearerIssuer: issuer).withToken(inFile: settings.tokenFile)
    }

    private func verification(
        _ settings: BearerSettings, _ directory: IssuerDirectory, _ exchange: any ProviderExchange
    ) -> BearerIssuer.Verification {
        switch settings.inquiry {
        case nil: return .keys
        case .userinfo:
            return .keysAndInquiry(
                UserinfoInquiry(directory: directory, exchange: exchange, showsCertificate: settings.certificate != nil))
        case .tokenReview(let server):
            return .inquiry(
                TokenReview(api: KubernetesAPI(server: server.text, exchange: exchange), audiences: settings.audiences))
        case .introspection(let introspection):
            let inquiry = Introspection(
                directory: directory, endpoint: introspection.endpoint?.text,
                client: ProviderClient(introspection, issuer: settings.issuer.text), exchange: exchange)
            return introspection.tokens == .opaque ? .inquiryOfOpaque(inquiry) : .inquiry(inquiry)
        }
    }
}

extension IssuerLocation {
    fileprivate init(_ settings: BearerSettings) {
        if let file = settings.jwksFile {
            self = .given { () throws(UpstreamFailure) in try Self.keys(inFile: file) }
        } else {
            self = settings.jwks.map { .jwks($0.text) } ?? .discovery
        }
    }

    /// Read when a token names a key that is not known yet, too: the file may have been replaced.
    private static func keys(inFile path: String) throws(UpstreamFailure) -> JSONWebKeySet {
        let keys: JSONWebKeySet?
        do throws(ConfigurationSources.Failure) { keys = try KeySetFile.keys(inFile: path) } catch {
            throw UpstreamFailure(.unreachable, "the key set \(path) cannot be read: \(error.reason)")
        }
        guard let keys else { throw UpstreamFailure(.malformed, "no key in \(path) that could be used") }
        return keys
    }
}

extension ProviderClient {
    fileprivate init(_ settings: IntrospectionSettings, issuer: String) {
        self.init(
            id: issuer, issuer: issuer, clientID: settings.clientID, clientSecret: settings.clientSecret,
            authenticationMethod: ClientAuthenticationMethod(settings.auth, hasSecret: settings.clientSecret != nil))
        clientKey = settings.clientKey.map { ClientKey(key: $0, id: settings.clientKeyID) }
    }
}

extension ClientCertificateIssuer {
    fileprivate init(_ settings: ClientCertificateSettings) {
        let authority: Authority =
            switch settings.authority {
            case .certificates(let certificates): .certificates(certificates)
            case .trustDomain(let domain): .trustDomain(domain)
            }
        self.init(
            authority: authority,
            mapping: IdentityMapping(
                user: ClaimPath(settings.user), email: ClaimPath(settings.email),
                groups: settings.groups.map { ClaimPath($0) }, userPrefix: settings.userPrefix,
                groupPrefix: settings.groupPrefix))
    }
}

extension BearerPolicy {
    fileprivate init(_ settings: BearerSettings) {
        self.init(
            issuer: settings.issuer.text, audiences: settings.audiences, algorithms: settings.algorithms,
            tokenType: settings.tokenType == .accessToken ? .accessToken : .any, takesIDTokens: settings.idTokens,
            requiredClaims: settings.requiredClaims.map { RequiredClaim(path: ClaimPath($0.path), values: $0.values) },
            mapping: IdentityMapping(
                user: ClaimPath(settings.user), email: ClaimPath(settings.email), groups: settings.groups.map { ClaimPath($0) },
                userPrefix: settings.userPrefix, groupPrefix: settings.groupPrefix),
            binding: settings.dpop == .required ? .required : .whereBound, clockSkew: settings.clockSkew)
    }
}
