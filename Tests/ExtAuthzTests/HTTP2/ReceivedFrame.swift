import NIOCore
import NIOHPACK

/// A frame of the server's.
struct ReceivedFrame {
    let type: UInt8
    let flags: UInt8
    let stream: UInt32
    let payload: ByteBuffer
    /// Of HEADERS.
    var fields: HPACKHeaders = [:]

    /// `nil`: there is no whole frame.
    init?(_ buffer: inout ByteBuffer, _ decoder: inout HPACKDecoder) throws {
        guard let (head, flags, stream) = buffer.getMultipleIntegers(at: buffer.readerIndex, as: (UInt32, UInt8, UInt32).self),
            buffer.readableBytes >= 9 + Int(head >> 8)
        else { return nil }
        buffer.moveReaderIndex(forwardBy: 9)
        type = UInt8(truncatingIfNeeded: head)
        self.flags = flags
        self.stream = stream
        payload = buffer.readSlice(length: Int(head >> 8)) ?? ByteBuffer()
        guard type == 1 else { return }
        var block = payload
        fields = try decoder.decodeHeaders(from: &block)
    }

    var endsStream: Bool { type <= 1 && flags & 1 == 1 }

    /// Such as `1 HEADERS 200`, `1 DATA 5`, `1 END grpc-status 0`, `1 RST CANCEL`, `GOAWAY PROTOCOL_ERROR`, `PING ACK`.
    var summary: String? {
        switch type {
        case 0: "\(stream) DATA \(payload.readableBytes)"
        case 1 where endsStream: "\(stream) END \(fields.first(name: "grpc-status").map { "grpc-status \($0)" } ?? status)"
        case 1: "\(stream) HEADERS \(status)"
        case 3: "\(stream) RST \(code(at: 0))"
        case 6: flags & 1 == 1 ? "PING ACK" : "PING"
        case 7: "GOAWAY \(code(at: 4))"
        default: nil
        }
    }

    private var status: String { fields.first(name: ":status") ?? "-" }

    /// Of WINDOW_UPDATE.
    var increment: Int { payload.getInteger(at: payload.readerIndex, as: UInt32.self).map(Int.init) ?? 0 }

    /// Of GOAWAY.
    var lastStream: UInt32 { payload.getInteger(at: payload.readerIndex) ?? 0 }

    private static let codes = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
    ]

    private func code(at offset: Int) -> String {
        let code: UInt32 = payload.getInteger(at: payload.readerIndex + offset) ?? .max
        return code < Self.codes.count ? Self.codes[Int(code)] : "?"
    }
}
