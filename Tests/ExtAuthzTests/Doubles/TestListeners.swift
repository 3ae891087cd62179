import AuthService
import ExtAuthz
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Web

/// Both listeners on free ports of 127.0.0.1, with their slow lane, as the program runs them.
struct TestListeners {
    let grpcPort: Int
    let httpPort: Int
    private let group: ServiceGroup

    /// Starts the graceful shutdown.
    func stop() async {
        await group.triggerGracefulShutdown()
    }

    /// Runs `body` against the listeners, then stops them; returns once they have stopped.
    /// - Parameters:
    ///   - width: of each of the two slow lanes.
    ///   - laneIsFull: the slow lanes take nothing.
    ///   - haveCertificates: whether whoever connects counts as having shown a certificate.
    static func run<Result: Sendable>(
        _ authorizer: some Authorizing, width: Int = 4, laneIsFull: Bool = false, patience: PendingCheck.Patience = .ofTests,
        trusted: [String] = [], haveCertificates: Bool = false, meter: CheckMeter? = nil,
        _ body: @Sendable @escaping (TestListeners) async throws -> Result
    ) async throws -> Result {
        let lanes = [SlowLane(width: width, limit: 1000), SlowLane(width: width, limit: 1000)]
        if laneIsFull { for lane in lanes { lane.close() } }
        let proxies = TrustedProxies(trusted.compactMap(AddressRange.init))
        let dispatcher = CheckDispatcher(authorizer: authorizer, lane: lanes[0], loading: lanes[1], patience: patience)
        let gateways = TrustedGateways(proxies, haveCertificates: haveCertificates)
        let reader = CheckMessageReader(trusted: proxies) { "made-id" }
        let grpc = try await bind(
            GRPCPipeline(
                service: GRPCService(dispatcher: dispatcher, reader: reader, gateways: gateways, meter: meter) { true }))
        let http = try await bind(
            HTTP1Pipeline(
                service: CheckHTTPService(dispatcher: dispatcher, trusted: proxies, gateways: gateways, meter: meter) {
                    "made-id"
                }))
        let services: [any Service] = (laneIsFull ? [] : lanes.map(SlowLaneService.init)) + [ListenerGroup([grpc, http])]
        let group = ServiceGroup(services: services, logger: quiet)
        let listeners = TestListeners(grpcPort: grpc.port, httpPort: http.port, group: group)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            do {
                let result = try await body(listeners)
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                return result
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
    }

    private static func bind(_ pipeline: some ConnectionPipeline) async throws -> ListenerService {
        try await ListenerService.bind(
            "test", to: .tcp(host: "127.0.0.1", port: 0), serving: pipeline, on: .singletonMultiThreadedEventLoopGroup,
            logger: quiet)
    }
}

extension PendingCheck.Patience {
    /// Among hundreds of tests that begin at once a job can wait for a thread for longer than any check may.
    static var ofTests: Self {
        var patience = Self()
        (patience.queued, patience.working) = (.minutes(2), .minutes(2))
        return patience
    }
}

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

extension ListenerService {
    var port: Int {
        guard case .tcp(_, let port) = address else { return 0 }
        return port
    }
}
