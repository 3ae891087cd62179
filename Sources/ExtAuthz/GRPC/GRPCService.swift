import AuthService
import EnvoyAPI
import NIOCore
import SwiftProtobuf

/// The methods that we serve over gRPC, apart from how the bytes travel.
package struct GRPCService: Sendable {
    package enum Method: String, Sendable {
        case check = "/envoy.service.auth.v3.Authorization/Check"
        case health = "/grpc.health.v1.Health/Check"
    }

    /// One reply message, or the status that ends the call without one.
    typealias Reply = Result<GRPCReply, GRPCStatus>

    private let dispatcher: CheckDispatcher
    private let reader: CheckMessageReader
    private let gateways: TrustedGateways
    private let isServing: @Sendable () -> Bool

    /// - Parameters:
    ///   - gateways: whose word about clients' certificates counts.
    ///   - isServing: what the health service answers; cheap, called on the event loop.
    package init(
        dispatcher: CheckDispatcher, reader: CheckMessageReader, gateways: TrustedGateways = .none,
        isServing: @escaping @Sendable () -> Bool
    ) {
        self.gateways = gateways
        self.dispatcher = dispatcher
        self.reader = reader
        self.isServing = isServing
    }

    /// To be asked for once for a connection.
    func isGateway(_ peer: SocketAddress?) -> Bool { gateways.contains(peer) }

    /// The reply, if it is there; else `later` is called for a closure that gets it, once, on `eventLoop` (see
    /// `CheckDispatcher`).
    func call(
        _ method: Method, _ message: ByteBufferView, isFromGateway: Bool, on eventLoop: any EventLoop,
        later: () -> @Sendable (Reply) -> Void
    ) -> Reply? {
        switch method {
        case .health: health(message)
        case .check: check(message, isFromGateway, on: eventLoop, later: later)
        }
    }

    private func check(
        _ message: ByteBufferView, _ isFromGateway: Bool, on eventLoop: any EventLoop,
        later: () -> @Sendable (Reply) -> Void
    ) -> Reply? {
        do throws(Refusal) {
            let request = try reader.read(Array(message), isFromGateway: isFromGateway)
            let decision = dispatcher.decide(request, on: eventLoop) {
                let reply = later()
                return { reply(.success(GRPCReply($0))) }
            }
            return decision.map { .success(GRPCReply($0)) }
        } catch {
            return .success(GRPCReply(dispatcher.refuse(error)))
        }
    }

    private func health(_ message: ByteBufferView) -> Reply {
        guard let request = try? HealthCheckRequest(serializedBytes: [UInt8](message)) else { return .failure(.unreadable) }
        guard ["", "envoy.service.auth.v3.Authorization"].contains(request.service) else { return .failure(.unknownService) }
        let response = HealthCheckResponse.with { $0.status = isServing() ? .serving : .notServing }
        guard let bytes: [UInt8] = try? response.serializedBytes() else { return .failure(.unreadable) }
        return .success(.message(bytes))
    }
}
