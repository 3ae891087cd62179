import Accounts
import AuthService
import Connectors
import ExtAuthz
import Hummingbird
import JOSE
import Logging
import NIOCore
import NIOPosix
import OpenIDProvider
import Operations
import RelyingParty
import ServiceLifecycle
import Settings
import Storage
import TLS
import UnixSignals
import Web

/// The running program: stores, roles, listeners, in the order in which they start; they stop the other way round.
struct Server: Sendable {
    let configuration: Settings.Configuration
    /// Rules whose decisions are compared with those in force.
    let triedRules: [AccessRule]?
    let logger: Logger
    private let limits = ConnectionLimits()
    private let metrics: Metrics
    private let openListeners: OpenListeners
    /// Every password is checked on it, whichever role asks: two would be twice the threads that hashing may take.
    private let pool = HashingPool()

    init(configuration: Settings.Configuration, triedRules: [AccessRule]?, logger: Logger) {
        self.configuration = configuration
        self.triedRules = triedRules
        self.logger = logger
        metrics = Metrics(configuration)
        openListeners = OpenListeners((configuration.authService == nil ? [] : ["checkHTTP", "checkGRPC"]) + ["web", "admin"])
    }

    /// How many checks wait for the store at once, and how many more may queue; the same for what else they wait for.
    private static let slowLane = (width: 64, limit: 4096)
    /// A stop leaves requests in flight this long.
    private static let drainTime: Int64 = 4

    /// Runs until SIGTERM or SIGINT.
    func run() async throws {
        ProcessFigures.begin()
        let audit = auditLog("auth-service")
        let feed = ChangeFeed.logging(to: logger)
        let stores = try await StorageStart(configuration: configuration, logger: logger).open(metrics.store, feed)
        let theme = try PageTheme.load(configuration.pages)
        let lane = SlowLane(width: Self.slowLane.width, limit: Self.slowLane.limit)
        let loading = SlowLane(width: Self.slowLane.width, limit: Self.slowLane.limit)
        let networks = try await ProviderNetworks(
            configuration.authService?.providers ?? [], bearers: configuration.authService?.bearer ?? [],
            kubernetes: configuration.authService?.kubernetes, connectors: configuration.provider?.connectors ?? [],
            meter: metrics.upstream)
        do {
            let providing = try await provider(stores, networks, theme, auditLog("provider"))
            let provider = providing?.provider
            let assembly = authService(provider, networks: networks, stores, loading, theme, audit)
            let providers = try await assembly?.signInProviders() ?? []
            let sessions = assembly?.sessions(providers)
            let authorizer = try await sessions.asyncFlatMap { try await assembly?.authorizer(sessions: $0, providers) }
            var services: [any Service] = [
                HangupNotice(logger: logger), SlowLaneService(lane), SlowLaneService(loading),
                Sweeper(
                    sessions: sessions, provider: provider, personalTokens: authorizer?.personalTokens, logger: logger),
            ]
            if let resealing = stores.resealing { services.append(ResealingService(resealing: resealing, logger: logger)) }
            if let providing { services += providing.followers(logger) }
            if let providing { services.append(KeyRotation(keyring: providing.keyring, audit: audit, logger: logger)) }
            if let sessions {
                let position = try? await sessions.forgetChanges(since: nil)
                services.append(SessionFollower(sessions: sessions, position: position, feed: feed, logger: logger))
                if let replicas = stores.replicas { services.append(ReplicaFeed(replicas: replicas)) }
            }
            let website = Website(provider: provider, authorizer: authorizer, gateway: gatewayGuard)
            // What is sent in this process comes through no gateway that could show its secret.
            if let provider { services.append(logoutSender(provider, Website(provider: provider, authorizer: authorizer))) }
            let administration = sessions.flatMap { sessions in
                assembly.map {
                    SessionAdministration(
                        sessions: sessions, revocations: $0.revocations(providers), audit: audit, randomness: .system,
                        endUpstream: $0.endAtEmbeddedProvider)
                }
            }
            let keys = providing.map { KeyAdministration(keyring: $0.keyring, audit: audit) }
            let resources = adminResources(provider, sessions, authorizer?.personalTokens, audit)
            let web = try await webListeners(website, stores, administration, sessions, keys, resources)
            let dryRunLane = SlowLane(width: 1, limit: 1000)
            if triedRules != nil { services.append(SlowLaneService(dryRunLane)) }
            let dispatcher = authorizer.map { self.dispatcher($0, lane, loading, dryRunLane) }
            services.append(ListenerGroup(try await checkListeners(dispatcher, stores) + web))
            if let notice = ServiceManagerNotice(listeners: openListeners, logger: logger) { services.append(notice) }
            try await run(services)
        } catch {
            try? await networks.shutdown()
            throw error
        }
        try await networks.shutdown()
    }

    private func dispatcher(
        _ authorizer: Authorizer, _ lane: SlowLane, _ loading: SlowLane, _ dryRunLane: SlowLane
    ) -> CheckDispatcher {
        guard let triedRules else { return CheckDispatcher(authorizer: authorizer, lane: lane, loading: loading) }
        let dryRun = DryRunAuthorizer(
            authorizer, trying: RuleSet(triedRules.map { Rule($0).withoutExchange }), lane: dryRunLane,
            logger: Logger(label: "gatehouse.dry-run"))
        return CheckDispatcher(authorizer: dryRun, lane: lane, loading: loading)
    }

    private func run(_ services: [any Service]) async throws {
        // A service that fails stops the others as a signal does; a mere cancellation they would not notice.
        var group = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, failureTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: quietLogger)
        group.maximumGracefulShutdownDuration = .seconds(Self.drainTime + 1)
        logger.info("started", metadata: ["version": "\(VersionCommand.number)"])
        try await ServiceGroup(configuration: group).run()
        logger.info("stopped")
    }

    private var quietLogger: Logger {
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .error)
        return quiet
    }

    private func auditLog(_ role: String) -> AuditLog {
        AuditLog(logger: Logger(label: "gatehouse.audit"), meter: metrics.audit.of(role))
    }

    private func provider(
        _ stores: Stores, _ networks: ProviderNetworks, _ theme: PageTheme, _ audit: AuditLog
    ) async throws -> ProviderAssembly? {
        guard var settings = configuration.provider else { return nil }
        settings.clients = configuration.providerClients
        return try await ProviderAssembly(
            settings, stores: stores, networks: networks, pool: pool, theme: theme, audit: audit,
            logger: Logger(label: "gatehouse.provider"))
    }

    private func logoutSender(_ provider: Provider, _ website: Website) -> LogoutSender {
        LogoutSender(
            notices: provider.logoutNotices, website: website, ownURL: configuration.ownBackChannelLogoutURL,
            clients: configuration.providerClients, logger: Logger(label: "gatehouse.provider"))
    }

    private func authService(
        _ provider: Provider?, networks: ProviderNetworks, _ stores: Stores, _ lane: SlowLane,
        _ theme: PageTheme, _ audit: AuditLog
    ) -> AuthServiceAssembly? {
        configuration.authService.map { settings in
            AuthServiceAssembly(
                settings: settings, providerSettings: configuration.provider, provider: provider, networks: networks,
                stores: stores, lane: lane, pool: pool, theme: theme, audit: audit,
                logger: Logger(label: "gatehouse.auth-service"))
        }
    }

    /// Bound before anything runs: a port that is taken ends the start.
    private func checkListeners(_ dispatcher: CheckDispatcher?, _ stores: Stores) async throws -> [any Service] {
        guard let dispatcher else { return [] }
        let listen = configuration.listen
        let grpc = GRPCService(
            dispatcher: dispatcher, reader: CheckMessageReader(trusted: proxies, newID: RequestID.random),
            gateways: gateways(listen.checkGRPC), meter: metrics.checks, isServing: stores.clockAgrees)
        let http = CheckHTTPService(
            dispatcher: dispatcher, trusted: proxies, proxySecret: listen.proxySecret.map(ProxySecret.init),
            gateways: gateways(listen.checkHTTP), meter: metrics.checks, newID: RequestID.random)
        let group = MultiThreadedEventLoopGroup.singleton
        let drain = TimeAmount.seconds(Self.drainTime)
        let httpTLS = try tls("checkHTTP", listen.checkHTTP, .http1)
        let grpcTLS = try tls("checkGRPC", listen.checkGRPC, .http2)
        let services = [
            try await ListenerService.bind(
                "checkHTTP", to: .init(listen.checkHTTP.address), serving: HTTP1Pipeline(service: http), on: group,
                tls: httpTLS?.acceptor, connectionLimit: limits.checks, drainTime: drain, logger: logger),
            try await ListenerService.bind(
                "checkGRPC", to: .init(listen.checkGRPC.address), serving: GRPCPipeline(service: grpc), on: group,
                tls: grpcTLS?.acceptor, connectionLimit: limits.checks, drainTime: drain, logger: logger),
        ]
        for service in services { openListeners.note(service.name, at: "\(service.address)") }
        return services + [httpTLS, grpcTLS].compactMap { $0 }
    }

    private var gatewayGuard: GatewayGuard? {
        guard let secret = configuration.listen.proxySecret, let service = configuration.authService else { return nil }
        let origins = service.publicURLs.compactMap { Origin($0.origin) }
        return GatewayGuard(
            secret: ProxySecret(secret), openPath: "\(service.path)/jwks",
            guardsProvider: ProviderPath(configuration.provider, behind: origins) != nil)
    }

    private func webListeners(
        _ website: Website, _ stores: Stores, _ administration: SessionAdministration?, _ sessions: Sessions?,
        _ keys: KeyAdministration?, _ resources: [String: @Sendable (AdminRequest) async -> WebResponse]
    ) async throws -> [any Service] {
        let purposes = SigningKeyPurpose.all(in: configuration)
        let readiness = Readiness(
            ReadinessChecks(stores: stores, sessions: sessions, keys: purposes, listeners: openListeners).all)
        let tokens = website.authorizer?.personalTokens.map {
            TokenAdministration(tokens: $0, audit: auditLog("auth-service"), randomness: .system)
        }
        let listen = configuration.listen
        let webTLS = try tls("web", listen.web, .http1)
        let adminTLS = try tls("admin", listen.admin, .http1)
        let web = HTTPListener(
            name: "web", address: .init(listen.web.address), tls: webTLS?.acceptor, connectionLimit: limits.pages,
            responder: WebResponder(proxies: proxies, isSecure: webTLS != nil, certificates: certificateReading) {
                await website.answer($0)
            },
            document: website.document, openListeners: openListeners, logger: logger)
        let admin = HTTPListener(
            name: "admin", address: .init(listen.admin.address), tls: adminTLS?.acceptor, connectionLimit: limits.pages,
            responder: AdminResponder(
                health: HealthEndpoints(readiness: readiness),
                api: AdminAPI(
                    sessions: administration, tokens: tokens, keys: keys, resources: resources, token: listen.adminToken,
                    isLocal: listen.admin.address.isLoopback),
                metrics: { [metrics] in await metrics.text(sessions: sessions, stores: stores, keys: purposes) }),
            openListeners: openListeners, logger: logger)
        try await web.probe()
        try await admin.probe()
        return [web, admin] + [webTLS, adminTLS].compactMap { $0 }
    }

    private var certificateReading: ClientCertificateReading? {
        configuration.provider?.clientCertificates.map { $0.isForwarded ? .forwarded : .connection }
    }

    private func tls(
        _ name: String, _ listener: ListenerSettings, _ application: TLS.ApplicationProtocol
    ) throws(StartFailure) -> ListenerTLS? {
        guard let settings = listener.tls else { return nil }
        return try ListenerTLS(name, settings, for: application, logger: logger)
    }

    private func gateways(_ listener: ListenerSettings) -> TrustedGateways {
        TrustedGateways(proxies, haveCertificates: listener.tls?.demandsCertificates ?? false)
    }

    private var proxies: TrustedProxies {
        TrustedProxies(configuration.listen.trustedProxies.compactMap { AddressRange($0.text) })
    }
}

extension ExtAuthz.ListenAddress {
    init(_ address: Settings.ListenAddress) {
        switch address {
        case .tcp(let host, let port): self = .tcp(host: host, port: port)
        case .unix(let path): self = .unix(path: path)
        }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func asyncFlatMap<Value>(_ transform: (Wrapped) async throws -> Value?) async rethrows -> Value? {
        switch self {
        case .some(let wrapped): try await transform(wrapped)
        case .none: nil
        }
    }
}
