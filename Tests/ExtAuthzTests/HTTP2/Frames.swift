import NIOCore
import NIOHPACK

/// Frames as a client may write them, well formed or not.
enum Frames {
    static let preface = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static func frame(_ type: UInt8, _ flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8] = [], length: Int? = nil) -> [UInt8] {
        let length = UInt32(length ?? payload.count)
        return bytes(length << 8 | UInt32(type)) + [flags] + bytes(stream) + payload
    }

    static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
    }

    // MARK: The connection

    static func settings(_ settings: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(4, stream: 0, settings.flatMap { bytes($0.0) + bytes($0.1) })
    }

    static let settingsAck = frame(4, 1, stream: 0)
    /// Preface, SETTINGS and the ACK of ours.
    static let hello = preface + settings() + settingsAck

    static func ping(_ data: UInt64 = 7, ack: Bool = false) -> [UInt8] { frame(6, ack ? 1 : 0, stream: 0, bytes(data)) }
    static func windowUpdate(_ increment: UInt32, stream: UInt32) -> [UInt8] { frame(8, stream: stream, bytes(increment)) }
    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> [UInt8] { frame(3, stream: stream, bytes(code)) }
    static let goAway = frame(7, stream: 0, bytes(UInt32(0)) + bytes(UInt32(0)))

    // MARK: Streams

    static let request: [(String, String)] = [
        (":method", "POST"), (":scheme", "http"), (":path", "/envoy.service.auth.v3.Authorization/Check"),
        (":authority", "gatehouse"), ("content-type", "application/grpc"), ("te", "trailers"),
    ]

    /// A block of literals.
    /// - Parameter representation: 0 leaves the dynamic table alone, 0x40 adds to it.
    static func block(_ fields: [(String, String)] = request, representation: UInt8 = 0) -> [UInt8] {
        fields.flatMap { [representation] + text($0.0) + text($0.1) }
    }

    private static func text(_ text: String) -> [UInt8] {
        var length = ByteBuffer()
        let count = text.utf8.count
        if count < 127 {
            length.writeInteger(UInt8(count))
        } else {
            var rest = count - 127
            length.writeInteger(UInt8(127))
            while rest >= 128 {
                length.writeInteger(UInt8(rest & 127 | 128))
                rest >>= 7
            }
            length.writeInteger(UInt8(rest))
        }
        return [UInt8](length.readableBytesView) + [UInt8](text.utf8)
    }

    /// - Parameter flags: END_HEADERS where nothing is said.
    static func headers(_ stream: UInt32, _ block: [UInt8] = block(), flags: UInt8 = 4) -> [UInt8] {
        frame(1, flags, stream: stream, block)
    }

    static func continuation(_ stream: UInt32, _ block: [UInt8], flags: UInt8 = 0) -> [UInt8] {
        frame(9, flags, stream: stream, block)
    }

    static func data(_ stream: UInt32, _ payload: [UInt8], flags: UInt8 = 1) -> [UInt8] {
        frame(0, flags, stream: stream, payload)
    }

    /// The message of a check for `GET http://a/`, with its prefix.
    static let check: [UInt8] =
        [0, 0, 0, 0, 23, 0x0a, 21, 0x22, 19, 0x12, 17, 0x12, 3] + [UInt8]("GET".utf8) + [0x22, 1] + [UInt8]("/".utf8)
        + [0x2a, 1] + [UInt8]("a".utf8) + [0x32, 4] + [UInt8]("http".utf8)

    /// A whole call of the health service: an empty message.
    static func call(_ stream: UInt32) -> [UInt8] {
        headers(stream, healthBlock) + data(stream, [0, 0, 0, 0, 0])
    }

    static let healthRequest = request.map { $0.0 == ":path" ? ($0.0, "/grpc.health.v1.Health/Check") : $0 }
    static let healthBlock = block(healthRequest)
}
