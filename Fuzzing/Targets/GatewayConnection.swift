import AuthService
import EnvoyAPI
import ExtAuthz
import NIOCore
import NIOEmbedded
import NIOHPACK
import SwiftProtobuf
import Web

/// One connection to the gRPC listener, without a network and with a clock of its own; every check is refused.
enum GatewayConnection {
    /// Sends the pieces, one read each, then waits long enough for every time-out.
    static func outcome(of pieces: [[UInt8]]) throws(Violation) -> GatewayOutcome {
        do {
            let channel = EmbeddedChannel()
            try GRPCPipeline(service: service).configure(channel)
            channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
            for piece in pieces where channel.isActive { try channel.writeInbound(ByteBuffer(bytes: piece)) }
            var bytes = try sent(channel)
            let isOpen = channel.isActive
            channel.embeddedEventLoop.advanceTime(by: .minutes(10))
            let last = try sent(channel)
            guard !channel.isActive else { throw Violation(description: "a connection without an end") }
            bytes.writeImmutableBuffer(last)
            return GatewayOutcome(bytes, wasOpen: isOpen)
        } catch let violation as Violation {
            throw violation
        } catch {
            throw Violation(description: "the channel threw: \(error)")
        }
    }

    private static func sent(_ channel: EmbeddedChannel) throws -> ByteBuffer {
        var bytes = ByteBuffer()
        while let part = try channel.readOutbound(as: ByteBuffer.self) { bytes.writeImmutableBuffer(part) }
        return bytes
    }

    private static let service = GRPCService(
        dispatcher: CheckDispatcher(authorizer: Closed(), lane: SlowLane(width: 1, limit: 1)),
        reader: CheckMessageReader(trusted: TrustedProxies([])) { "made" }, isServing: { true })

    /// Lets nobody in.
    private struct Closed: Authorizing {
        func decide(_ request: CheckRequest) -> CheckOutcome { .decided(refuse(403)) }
        func refuse(_ check: UnreadableCheck) -> Decision { refuse(check.status) }

        private func refuse(_ status: Int) -> Decision {
            .reject(Rejection(kind: .forbidden, response: WebResponse(status: status, headers: [:], body: [])))
        }
    }
}

/// What came back over a connection.
struct GatewayOutcome: Equatable {
    /// In short: type, flags, stream, length.
    private(set) var frames: [String] = []
    /// Every frame is one that a server may send, and whole; nothing follows a GOAWAY with an error.
    private(set) var isSound = true
    /// A reply says that a request may pass.
    private(set) var allows = false
    /// GOAWAY with NO_ERROR, before any time had passed.
    private(set) var endsInPeace = false
    private let wasOpen: Bool
    private var bodies: [UInt32: [UInt8]] = [:]
    private let bytes: ByteBuffer

    init(_ sent: ByteBuffer, wasOpen: Bool) {
        bytes = sent
        self.wasOpen = wasOpen
        var rest = sent
        var decoder = HPACKDecoder(allocator: ByteBufferAllocator())
        while rest.readableBytes > 0, isSound { take(&rest, &decoder) }
        allows = bodies.values.contains(where: Self.isAllow)
    }

    private mutating func take(_ rest: inout ByteBuffer, _ decoder: inout HPACKDecoder) {
        guard let (high, low, type, flags, stream) = rest.readMultipleIntegers(as: (UInt8, UInt16, UInt8, UInt8, UInt32).self),
            var payload = rest.readSlice(length: Int(high) << 16 | Int(low)), payload.readableBytes <= 16_384
        else { return isSound = false }
        frames.append("\(type) \(flags) \(stream) \(payload.readableBytes)")
        switch type {
        case 0:
            bodies[stream, default: []] += payload.readableBytesView
            isSound = stream % 2 == 1
        case 1: isSound = stream % 2 == 1 && (try? decoder.decodeHeaders(from: &payload)) != nil
        case 7:
            let code: UInt32? = payload.getInteger(at: payload.readerIndex + 4)
            if code == 0 { endsInPeace = endsInPeace || !wasOpen } else { isSound = rest.readableBytes == 0 }
        case 3, 4, 6, 8: break
        default: isSound = false
        }
    }

    private static func isAllow(_ body: [UInt8]) -> Bool {
        guard body.count >= 5, body != serving else { return false }
        guard let reply = try? EnvoyCheckResponse(serializedBytes: [UInt8](body.dropFirst(5))) else { return true }
        return reply.status.code == 0
    }

    /// The reply of the health service.
    private static let serving: [UInt8] = [0, 0, 0, 0, 2, 8, 1]
}
