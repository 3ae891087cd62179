import AuthService
import EnvoyAPI
import ExtAuthz
import NIOCore
import NIOHPACK
import SwiftProtobuf

/// What came back over a connection to the gRPC listener.
struct HTTP2Outcome {
    let exchange: EmbeddedExchange.Outcome
    /// In short: type, flags, stream, length.
    private(set) var frames: [String] = []
    /// Every frame is one that a server may send, and whole; nothing follows a GOAWAY with an error.
    private(set) var isSound = true
    /// A reply says that a request may pass.
    private(set) var allows = false
    /// GOAWAY with NO_ERROR, before any time had passed.
    private(set) var endsInPeace = false
    private var bodies: [UInt32: [UInt8]] = [:]

    init(of pieces: [[UInt8]]) throws(Violation) {
        let reader = CheckMessageReader(trusted: TrustedProxies([])) { "made" }
        let service = GRPCService(dispatcher: Closed().dispatcher, reader: reader) { true }
        exchange = try EmbeddedExchange.outcome(of: pieces, by: GRPCPipeline(service: service))
        var rest = ByteBuffer(bytes: exchange.sent)
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
            if code == 0 { endsInPeace = endsInPeace || !exchange.wasOpen } else { isSound = rest.readableBytes == 0 }
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
