import Connectors
import Doctor
import Instruments
import JOSE
import NIOCore
import RelyingParty
import Settings

/// How the doctor asks those whom a configuration names: as the service would.
struct DoctorAssembly: Sendable {
    private let configuration: Settings.Configuration
    /// nil where a connection's own settings cannot be used; then everybody is asked in the usual way.
    private let networks: ProviderNetworks?
    /// Why.
    let unusable: String?

    init(_ configuration: Settings.Configuration) async {
        self.configuration = configuration
        let service = configuration.authService
        do {
            networks = try await ProviderNetworks(
                service?.providers ?? [], bearers: service?.bearer ?? [], kubernetes: service?.kubernetes,
                connectors: configuration.provider?.connectors ?? [],
                meter: DurationMeter("gatehouse_doctor_seconds", "Questions of the doctor.", labels: ["provider", "outcome"]))
            unusable = nil
        } catch {
            (networks, unusable) = (nil, (error as? StartFailure)?.description ?? "a connection cannot be made")
        }
    }

    let common = HTTPProviderExchange()

    /// Closes all connections. Has to be called once.
    func shutdown() async {
        try? await common.shutdown()
        try? await networks?.shutdown()
    }

    // MARK: Issuers

    var issuers: [IssuerCase] {
        let service = configuration.authService
        return (service?.providers ?? []).compactMap { entry in service.flatMap { provider(entry, $0) } }
            + (service?.bearer ?? []).compactMap(bearer) + (configuration.provider?.connectors ?? []).compactMap(connector)
    }

    private func provider(_ entry: IdentityProviderSettings, _ service: AuthServiceSettings) -> IssuerCase? {
        guard case .issuer(let issuer) = entry.source else { return nil }
        return IssuerCase(
            subject: "provider \(entry.id)", issuer: issuer.text, addresses: ProviderAddresses(entry.addresses),
            exchange: networks.map { $0.exchange(for: entry.id) } ?? common, algorithms: entry.algorithms,
            clockSkew: entry.clockSkew,
            client: IssuerCase.Client(
                id: entry.clientID, redirectURIs: service.redirectURIs(of: entry), scopes: entry.scopes,
                authentication: entry.tokenEndpointAuth.rawValue))
    }

    /// One that is asked about each token, or whose keys are in a file, publishes nothing that we need.
    private func bearer(_ entry: BearerSettings) -> IssuerCase? {
        if case .tokenReview? = entry.inquiry { return nil }
        guard entry.jwksFile == nil else { return nil }
        var addresses = ProviderAddresses()
        addresses.keys = entry.jwks?.text
        return IssuerCase(
            subject: "bearer issuer \(entry.issuer.text)", issuer: entry.issuer.text, addresses: addresses,
            exchange: networks.map { $0.exchange(forBearerIssuer: entry.issuer.text) } ?? common, algorithms: entry.algorithms,
            clockSkew: Self.usualSkew, client: nil)
    }

    /// Seconds that others' clocks may be off where the file does not say it.
    private static let usualSkew: Int64 = 60

    private func connector(_ entry: ConnectorSettings) -> IssuerCase? {
        guard case .oidc(let settings) = entry.kind else { return nil }
        var addresses = ProviderAddresses()
        addresses.authorization = settings.overrides.authURL?.text
        addresses.token = settings.overrides.tokenURL?.text
        addresses.keys = settings.overrides.jwksURL?.text
        if settings.issuerAlias != nil { addresses.metadataBase = settings.issuer.text }
        let redirectURI = settings.client.redirectURI?.text ?? configuration.provider.map { $0.issuer.text + "/callback" }
        return IssuerCase(
            subject: "connector \(entry.id)", issuer: (settings.issuerAlias ?? settings.issuer).text, addresses: addresses,
            exchange: networks.map { $0.exchange(forConnector: entry.id) } ?? common,
            algorithms: [.rs256, .es256, .ps256, .edDSA], clockSkew: Self.usualSkew,
            client: IssuerCase.Client(
                id: settings.client.clientID, redirectURIs: [redirectURI].compactMap { $0 }, scopes: settings.scopes,
                authentication: nil))
    }

    // MARK: Directories

    var directories: [DirectoryCase] {
        (configuration.provider?.connectors ?? []).compactMap { connector in
            guard case .ldap(let settings) = connector.kind else { return nil }
            let trial = DirectoryTrial(LDAPConfiguration(settings))
            return DirectoryCase(
                subject: "connector \(connector.id)", hosts: settings.hosts, hasAccount: settings.bindDN != nil,
                encryption: settings.insecureNoSSL ? "clear text" : settings.startTLS ? "StartTLS" : "TLS"
            ) { host in
                await Bounded.run(.seconds(20)) { DirectoryCase.Answer(trial.run(host)) }
                    ?? .unreachable(reason: "no answer within 20 s")
            }
        }
    }

    // MARK: Storage

    var storage: @Sendable () async -> StorageAnswer {
        let settings = configuration.storage
        return { await StorageTrial(settings).run() }
    }
}

extension DirectoryCase.Answer {
    fileprivate init(_ outcome: DirectoryTrial.Outcome) {
        func key(_ ofGroups: Bool) -> String { ofGroups ? "groupSearch" : "userSearch" }
        self =
            switch outcome {
            case .unreachable(let detail): .unreachable(reason: detail)
            case .refused(let detail): .refused(reason: detail)
            case .noBase(let dn, let ofGroups): .noBase(key: key(ofGroups) + ".baseDN", dn: dn)
            case .searchFails(let detail, let ofGroups): .searchFails(key: key(ofGroups), reason: detail)
            case .nothing(let dn, let ofGroups): .nobody(key: key(ofGroups) + ".baseDN", dn: dn)
            case .good: .good
            }
    }
}
