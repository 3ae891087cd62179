import Web

/// Reads the head of a request as RFC 9112 sections 2.2, 3 and 5 write it, and nothing that only looks like one: lines end in
/// CR LF, names are tokens with their colon behind them, no line is folded, no control character is in it.
struct HTTP1HeadScanner: ~Copyable {
    /// Bytes of a head.
    static let maximum = 128 * 1024
    /// Bytes of a line of it.
    static let maximumLine = RequestLimits.target + 1024

    private var position = 0
    private var hasUpperCase = false
    private var fields: [RequestMessage.Field] = []

    private enum Stop: Error {
        case incomplete
        case failure(HTTP1Failure)
    }

    /// The head at the beginning of `bytes`; `nil`: more bytes are needed.
    static func scan(_ bytes: Span<UInt8>) throws(HTTP1Failure) -> HTTP1Head? {
        var scanner = HTTP1HeadScanner()
        do throws(Stop) {
            return try scanner.head(bytes)
        } catch {
            switch error {
            case .failure(let failure): throw failure
            case .incomplete:
                guard bytes.count < maximum, bytes.count - scanner.position <= maximumLine else { throw .headTooLarge }
                return nil
            }
        }
    }

    private mutating func head(_ bytes: Span<UInt8>) throws(Stop) -> HTTP1Head {
        // One empty line may stand before the request (section 2.2).
        if bytes[0] == .carriageReturn { _ = try isAtEnd(bytes) }
        let method = try token(bytes, endingIn: UInt8(ascii: " "))
        let target = try target(bytes)
        let isHTTP10 = try version(bytes)
        fields.reserveCapacity(16)
        while try !isAtEnd(bytes) { try readField(bytes) }
        guard position <= Self.maximum else { throw .failure(.headTooLarge) }
        var message = RequestMessage(
            bytes: bytes.extracting(0..<position).withUnsafeBufferPointer { Array($0) }, fields: fields)
        message.method = method
        message.target = target
        if hasUpperCase { message.lowercaseNames() }
        return HTTP1Head(message: message, size: position, isHTTP10: isHTTP10)
    }

    // MARK: The request line

    private mutating func token(_ bytes: Span<UInt8>, endingIn end: UInt8) throws(Stop) -> RequestMessage.Part {
        let start = position
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == end { break }
            index += 1
            // What nearly every name is made of.
            if byte &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "-") { continue }
            guard byte.isToken else { throw .failure(.malformed) }
            if byte &- UInt8(ascii: "A") < 26 { hasUpperCase = true }
        }
        guard index < bytes.count else { throw .incomplete }
        guard index > start else { throw .failure(.malformed) }
        position = index + 1
        return RequestMessage.Part(start..<index)
    }

    private mutating func target(_ bytes: Span<UInt8>) throws(Stop) -> RequestMessage.Part {
        hasUpperCase = false  // the method's letters keep their case
        let start = position
        var index = start
        while index < bytes.count, bytes[index] > 0x20, bytes[index] != 0x7f { index += 1 }
        guard index - start <= Self.maximumLine else { throw .failure(.headTooLarge) }
        guard index < bytes.count else { throw .incomplete }
        guard bytes[index] == UInt8(ascii: " "), index > start else { throw .failure(.malformed) }
        position = index + 1
        return RequestMessage.Part(start..<index)
    }

    /// `HTTP/1.1` or `HTTP/1.0` and the end of the line; the versions above are another protocol.
    private mutating func version(_ bytes: Span<UInt8>) throws(Stop) -> Bool {
        let known: StaticString = "HTTP/1."
        let length = known.utf8CodeUnitCount
        guard bytes.count >= position + length + 3 else { throw .incomplete }
        guard sameBytes(bytes.extracting(position..<position + length), known) else { throw .failure(.malformed) }
        let minor = bytes[position + length]
        guard minor == UInt8(ascii: "0") || minor == UInt8(ascii: "1") else { throw .failure(.malformed) }
        guard bytes[position + length + 1] == .carriageReturn, bytes[position + length + 2] == .lineFeed else {
            throw .failure(.malformed)
        }
        position += length + 3
        return minor == UInt8(ascii: "0")
    }

    // MARK: The fields

    private mutating func isAtEnd(_ bytes: Span<UInt8>) throws(Stop) -> Bool {
        guard position < bytes.count else { throw .incomplete }
        guard bytes[position] == .carriageReturn else { return false }
        guard position + 1 < bytes.count else { throw .incomplete }
        guard bytes[position + 1] == .lineFeed else { throw .failure(.malformed) }
        position += 2
        return true
    }

    private mutating func readField(_ bytes: Span<UInt8>) throws(Stop) {
        guard fields.count < RequestLimits.headerFields else { throw .failure(.headTooLarge) }
        let line = position
        let name = try token(bytes, endingIn: UInt8(ascii: ":"))
        var start = position
        while start < bytes.count, bytes[start].isBlank { start += 1 }
        var end = try endOfValue(bytes, from: start)
        guard end - line <= Self.maximumLine else { throw .failure(.headTooLarge) }
        position = end + 2
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        fields.append(RequestMessage.Field(name: name, value: RequestMessage.Part(start..<end)))
    }

    /// Where the CR LF behind the value is. A value is visible characters, blanks, and bytes beyond ASCII (RFC 9110 section 5.5).
    private func endOfValue(_ bytes: Span<UInt8>, from start: Int) throws(Stop) -> Int {
        var index = start
        while true {
            index = bytes.firstControl(in: index..<bytes.count)
            guard index < bytes.count else { throw .incomplete }
            if bytes[index] == .carriageReturn { break }
            guard bytes[index] == 0x09 else { throw .failure(.malformed) }
            index += 1
        }
        guard index + 1 < bytes.count else { throw .incomplete }
        guard bytes[index + 1] == .lineFeed else { throw .failure(.malformed) }
        return index
    }
}

extension UInt8 {
    static let carriageReturn: UInt8 = 0x0d
    static let lineFeed: UInt8 = 0x0a

    var isBlank: Bool { self == 0x20 || self == 0x09 }

    /// A byte of a token (RFC 9110 section 5.6.2).
    var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true  // digits and letters
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e...0x60, 0x7c, 0x7e: true  // !#$%&'*+-.^_`|~
        default: false
        }
    }
}
