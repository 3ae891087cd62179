import Instruments
import RelyingParty
import Settings
import Synchronization
import Web

/// How the outside providers are asked: most over connections like any other's, some over connections of their own.
struct ProviderNetworks: Sendable {
    /// For providers that need nothing of their own, and for whatever else asks over the network.
    let common = HTTPProviderExchange()
    private let meter: DurationMeter
    private let own: [(id: String, exchange: HTTPProviderExchange)]
    private let later = LaterExchanges()

    init(
        _ providers: [IdentityProviderSettings], bearers: [BearerSettings] = [], kubernetes: KubernetesSettings? = nil,
        connectors: [ConnectorSettings] = [], meter: DurationMeter
    ) async throws {
        self.meter = meter
        var own: [(id: String, exchange: HTTPProviderExchange)] = []
        do {
            for provider in providers {
                guard let connection = ProviderConnection(provider) else { continue }
                own.append((provider.id, try Self.exchange(connection, id: provider.id)))
            }
            for bearer in bearers {
                guard bearer.authorities != nil || bearer.certificate != nil else { continue }
                var connection = ProviderConnection()
                connection.authorities = bearer.authorities
                (connection.certificate, connection.certificateKey) = (bearer.certificate, bearer.certificateKey)
                let id = Self.id(ofBearerIssuer: bearer.issuer.text)
                own.append((id, try Self.exchange(connection, id: id)))
            }
            if let kubernetes {
                var connection = ProviderConnection()
                connection.authorities = kubernetes.authorities
                // Shorter than gateways wait for a check: they are told that the server is away, and do not have to guess.
                own.append((Self.kubernetesID, try Self.exchange(connection, id: Self.kubernetesID, timeout: .seconds(5))))
            }
            for connector in connectors {
                guard let connection = ProviderConnection(connector.kind) else { continue }
                let id = Self.id(ofConnector: connector.id)
                own.append((id, try Self.exchange(connection, id: id)))
            }
        } catch {
            for (_, exchange) in own { try? await exchange.shutdown() }
            try? await common.shutdown()
            throw error
        }
        self.own = own
    }

    private static func exchange(
        _ connection: ProviderConnection, id: String, timeout: Duration = .seconds(10)
    ) throws -> HTTPProviderExchange {
        do throws(ProviderConnection.Unusable) { return try HTTPProviderExchange(connection, timeout: timeout) } catch {
            throw StartFailure(description: "provider \(id): \(error)")
        }
    }

    func exchange(for id: String) -> MeasuredExchange {
        MeasuredExchange(base: own.first { sameBytes($0.id, id) }?.exchange ?? common, provider: id, meter: meter)
    }

    func exchange(forBearerIssuer issuer: String) -> MeasuredExchange { exchange(for: Self.id(ofBearerIssuer: issuer)) }

    func exchange(forConnector id: String) -> MeasuredExchange { exchange(for: Self.id(ofConnector: id)) }

    /// For a connector that was not there at the start: how it asks, and what ends the connections of its own, where it has some.
    func exchange(
        forStored connector: ConnectorSettings
    ) throws -> (exchange: MeasuredExchange, close: @Sendable () async -> Void) {
        let id = Self.id(ofConnector: connector.id)
        guard let connection = ProviderConnection(connector.kind) else {
            return (MeasuredExchange(base: common, provider: id, meter: meter), {})
        }
        let own = try Self.exchange(connection, id: id)
        let number = later.add(own)
        return (MeasuredExchange(base: own, provider: id, meter: meter), { [later] in await later.shutdown(number) })
    }

    var exchangeForKubernetes: MeasuredExchange { exchange(for: Self.kubernetesID) }

    // No provider has such ids.

    private static let kubernetesID = "Kubernetes API server"

    private static func id(ofBearerIssuer issuer: String) -> String { "bearer issuer \(issuer)" }

    private static func id(ofConnector id: String) -> String { "connector \(id)" }

    /// Closes all connections. Has to be called once.
    func shutdown() async throws {
        for (_, exchange) in own { try? await exchange.shutdown() }
        await later.shutdown()
        try await common.shutdown()
    }
}

/// Connections of what was made after the start, until it is not used any more.
private final class LaterExchanges: Sendable {
    private let open = Mutex<(next: Int, exchanges: [Int: HTTPProviderExchange])>((0, [:]))

    /// - Returns: what to end it by.
    func add(_ exchange: HTTPProviderExchange) -> Int {
        open.withLock { open in
            open.next += 1
            open.exchanges[open.next] = exchange
            return open.next
        }
    }

    func shutdown(_ number: Int) async { try? await open.withLock { $0.exchanges.removeValue(forKey: number) }?.shutdown() }

    func shutdown() async {
        let rest = open.withLock { open in
            defer { open.exchanges = [:] }
            return open.exchanges
        }
        for exchange in rest.values { try? await exchange.shutdown() }
    }
}

extension ProviderConnection {
    /// `nil` for a provider that needs none of its own.
    fileprivate init?(_ provider: IdentityProviderSettings) {
        let settings = provider.connection
        let plainHTTP = ProviderAddresses(provider.addresses).plainHTTP
        guard !settings.isUsual || !plainHTTP.isEmpty else { return nil }
        self.init()
        authorities = settings.authorities
        (certificate, certificateKey) = (settings.certificate, settings.certificateKey)
        proxy = settings.proxy.map { url in
            var proxy = Proxy(host: url.host, port: url.effectivePort)
            if let user = settings.proxyUser, let password = settings.proxyPassword { proxy.credentials = (user, password) }
            return proxy
        }
        self.plainHTTP = plainHTTP
    }
}

extension ProviderConnection {
    /// `nil` for a connector that needs none of its own.
    fileprivate init?(_ connector: ConnectorSettings.Kind) {
        guard let client = connector.client else { return nil }
        let plainHTTP = connector.endpoints.filter { !$0.isSecure }.map(\.text)
        guard client.authorities != nil || client.insecureSkipVerify || client.proxy != nil || !plainHTTP.isEmpty else {
            return nil
        }
        self.init()
        authorities = client.authorities
        verifiesCertificate = !client.insecureSkipVerify
        proxy = client.proxy.map { Proxy(host: $0.host, port: $0.effectivePort) }
        self.plainHTTP = plainHTTP
    }
}

extension ProviderAddresses {
    init(_ settings: ProviderAddressSettings) {
        self.init()
        authorization = settings.authorization?.text
        token = settings.token?.text
        keys = settings.jwks?.text
        userinfo = settings.userinfo?.text
        endSession = settings.endSession?.text
        revocation = settings.revocation?.text
        introspection = settings.introspection?.text
        pushedAuthorizationRequest = settings.pushedAuthorizationRequest?.text
        internalURL = settings.internalURL?.text
    }
}
