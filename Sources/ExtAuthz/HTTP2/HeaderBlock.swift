import NIOCore
import NIOHPACK

/// A header block on its way: HEADERS, and the CONTINUATION frames that complete it (RFC 9113 section 4.3).
struct HeaderBlock {
    let stream: UInt32
    let endStream: Bool
    private(set) var fragment: ByteBuffer
    let startedAt: NIODeadline
    private var continuations = 0

    init(stream: UInt32, endStream: Bool, fragment: ByteBuffer, startedAt: NIODeadline) {
        self.stream = stream
        self.endStream = endStream
        self.fragment = fragment
        self.startedAt = startedAt
    }

    mutating func append(_ payload: ByteBuffer) throws(HTTP2Failure) {
        continuations += 1
        guard continuations <= HTTP2Limits.continuations,
            fragment.readableBytes + payload.readableBytes <= HTTP2Limits.headerBlock
        else { throw .connection(.enhanceYourCalm, "header block too large") }
        fragment.writeImmutableBuffer(payload)
    }
}

extension HPACKDecoder {
    /// A list that is too large ends the connection too: the rest of it would have changed the table.
    mutating func fields(of block: HeaderBlock) throws(HTTP2Failure) -> HPACKHeaders {
        var fragment = block.fragment
        do {
            return try decodeHeaders(from: &fragment)
        } catch is NIOHPACKErrors.MaxHeaderListSizeViolation {
            throw .connection(.enhanceYourCalm, "header list too large")
        } catch {
            throw .connection(.compressionError, "header block")
        }
    }
}
