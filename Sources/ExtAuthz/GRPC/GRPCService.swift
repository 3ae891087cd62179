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
    /// nil: nothing is counted.
    let meter: CheckMeter?

    /// - Parameters:
    ///   - gateways: whose word about clients' certificates counts.
    ///   - isServing: what the health service answers; cheap, called on the event loop.
    package init(
        dispatcher: CheckDispatcher, reader: CheckMessageReader, gateways: TrustedGateways = .none, meter: CheckMeter? = nil,
        isServing: @escaping @Sendable () -> Bool
    ) {
        self.gateways = gateways
        self.meter = meter
        self.dispatcher = dispatcher
        self.reader = reader
        self.isServing = isServing
    }

    /// To be asked for once for a connection.
    func isGateway(_ peer: SocketAddress?) -> Bool { gateways.contains(peer) }

    /// The reply, if it is there; else `later` is called for a closure that gets it, once, on `eventLoop` (see
    /// `CheckDispatcher`).
    func call(
        _ method: Method, _ message: ByteBufferView, isFromGateway: Bool, on eventLoop: any EventLoop, _ tally: CheckTally?,
        later: () -> @Sendable (Reply) -> Void
    ) -> Reply? {
        switch method {
        case .health: health(message)
        case .check: check(message, isFromGateway, on: eventLoop, tally, later: later)
        }
    }

    private func check(
        _ message: ByteBufferView, _ isFromGateway: Bool, on eventLoop: any EventLoop, _ tally: CheckTally?,
        later: () -> @Sendable (Reply) -> Void
    ) -> Reply? {
        guard let tally else {
            return decide(message, isFromGateway, on: eventLoop) { answering(later()) }.map { .success(GRPCReply($0)) }
        }
        let began = tally.beginning(of: .envoyGRPC)
        let decision = decide(message, isFromGateway, on: eventLoop) {
            let reply = answering(later())
            let waits = began ?? .now()
            return { decision in
                tally.noteWaited(decision, .envoyGRPC, since: waits)
                reply(decision)
            }
        }
        guard let decision else { return nil }
        tally.note(decision, .envoyGRPC, since: began)
        return .success(GRPCReply(decision))
    }

    private func answering(_ reply: @escaping @Sendable (Reply) -> Void) -> @Sendable (Decision) -> Void {
        { reply(.success(GRPCReply($0))) }
    }

    private func decide(
        _ message: ByteBufferView, _ isFromGateway: Bool, on eventLoop: any EventLoop,
        later: () -> @Sendable (Decision) -> Void
    ) -> Decision? {
        do throws(Refusal) {
            let request = try reader.read(Array(message), isFromGateway: isFromGateway)
            return dispatcher.decide(request, on: eventLoop, later: later)
        } catch {
            return dispatcher.refuse(error)
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
