import NIOCore
import Web

/// The body of a request on its way.
struct HTTP1Body {
    private enum Expected {
        case bytes(Int)
        /// The line with a chunk's size.
        case chunkSize
        case chunkData(Int)
        case chunkEnd
        /// The fields behind the last chunk: read over, none of them is used.
        case trailers(bytes: Int)
        case nothing
    }

    private(set) var bytes: [UInt8] = []
    private var expected: Expected

    init(_ framing: HTTP1Framing) {
        switch framing {
        case .none: expected = .nothing
        case .length(let length): expected = .bytes(length)
        case .chunked: expected = .chunkSize
        }
    }

    /// Takes what belongs to the body from `input`; `true`: it is here whole.
    mutating func take(from input: inout ByteBuffer) throws(HTTP1Failure) -> Bool {
        while true {
            switch expected {
            case .nothing: return true
            case .bytes(let missing):
                guard input.readableBytes >= missing else { return false }
                append(&input, missing)
                expected = .nothing
            case .chunkSize:
                guard let line = try Self.line(&input, maximum: Self.maximumLine) else { return false }
                expected = try after(size: line)
            case .chunkData(let missing):
                guard input.readableBytes > 0 else { return false }
                let count = min(missing, input.readableBytes)
                append(&input, count)
                expected = count == missing ? .chunkEnd : .chunkData(missing - count)
            case .chunkEnd:
                guard let line = try Self.line(&input, maximum: 0) else { return false }
                guard line.isEmpty else { throw .malformed }
                expected = .chunkSize
            case .trailers(let before):
                guard let line = try Self.line(&input, maximum: Self.maximumTrailers) else { return false }
                guard before + line.count <= Self.maximumTrailers else { throw .headTooLarge }
                expected = line.isEmpty ? .nothing : .trailers(bytes: before + line.count)
            }
        }
    }

    private mutating func append(_ input: inout ByteBuffer, _ count: Int) {
        bytes += input.readBytes(length: count) ?? []
    }

    private static let maximumLine = 256
    /// Bytes of the fields behind the last chunk. Each piece of a line is looked through from the start of the line.
    private static let maximumTrailers = 8 * 1024

    /// `1*HEXDIG [ chunk-ext ]` (RFC 9112 section 7.1). Extensions are for nobody here, and a trick of smugglers: refused.
    private func after(size line: [UInt8]) throws(HTTP1Failure) -> Expected {
        guard (1...8).contains(line.count) else { throw .malformed }
        var size = 0
        for byte in line {
            guard let digit = Self.digit(byte) else { throw .malformed }
            size = size * 16 + digit
        }
        guard size > 0 else { return .trailers(bytes: 0) }
        guard bytes.count + size <= RequestLimits.body else { throw .bodyTooLarge }
        return .chunkData(size)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 0x30...0x39: Int(byte - 0x30)
        case 0x41...0x46: Int(byte - 0x41) + 10
        case 0x61...0x66: Int(byte - 0x61) + 10
        default: nil
        }
    }

    /// A line without its CR LF; `nil`: it is not here whole.
    private static func line(_ input: inout ByteBuffer, maximum: Int) throws(HTTP1Failure) -> [UInt8]? {
        let view = input.readableBytesView
        guard let end = view.prefix(maximum + 2).firstIndex(of: .lineFeed) else {
            guard view.count < maximum + 2 else { throw .malformed }
            return nil
        }
        let line = view[..<end]
        guard line.last == .carriageReturn else { throw .malformed }
        input.moveReaderIndex(forwardBy: line.count + 1)
        return Array(line.dropLast())
    }
}
