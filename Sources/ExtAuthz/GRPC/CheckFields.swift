package import Web

/// What we need of Envoy's `CheckRequest` (Protos/envoy_check.proto has the numbers), read in place. As in every protobuf
/// message the last of several values counts, and messages that come in parts are put together.
package struct CheckFields {
    package typealias Part = RequestMessage.Part

    /// The message itself; all parts are of these bytes.
    package let bytes: [UInt8]
    package private(set) var hasHTTP = false
    package private(set) var method = Part.none
    package private(set) var path = Part.none
    package private(set) var host = Part.none
    package private(set) var scheme = Part.none
    package private(set) var body = Part.none
    package private(set) var rawBody = Part.none
    /// Of the peer that the request came from: its address, or the path of its Unix socket.
    package private(set) var sourceAddress = Part.none
    package private(set) var sourcePipe = Part.none
    /// What Envoy says of the peer's certificate: its first name, and the whole of it. Any bytes.
    package private(set) var sourcePrincipal = Part.none
    package private(set) var sourceCertificate = Part.none
    /// From `header_map` where the message has one, else from `headers`; pseudo-headers among them.
    package private(set) var headers: [RequestMessage.Field] = []

    private var hasLines = false
    /// Bit n is set where a name of `headers` may have the sum n: others need not be looked for.
    private var names: UInt64 = 0

    /// `nil`: the bytes are no such message.
    package init?(_ message: [UInt8]) {
        bytes = message
        headers.reserveCapacity(24)
        do {
            try takeCheck(message.span, Part(0..<message.count))
        } catch {
            return nil
        }
    }

    package func text(_ part: Part) -> String { String(decoding: bytes[part.range], as: UTF8.self) }

    private typealias Malformed = ProtobufReader.Malformed

    private mutating func takeCheck(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            if field.number == 1, let content = field.content { try takeAttributes(bytes, content) }
        }
    }

    private mutating func takeAttributes(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: try takePeer(bytes, content)
            case 4: try takeRequest(bytes, content)
            default: break
            }
        }
    }

    private mutating func takeRequest(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard field.number == 2, let content = field.content else { continue }
            hasHTTP = true
            try takeHTTP(bytes, content)
        }
    }

    private mutating func takeHTTP(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: _ = try Self.string(bytes, content)
            case 2: method = try Self.string(bytes, content)
            case 3: try takeEntry(bytes, content)
            case 4: path = try Self.string(bytes, content)
            case 5: host = try Self.string(bytes, content)
            case 6: scheme = try Self.string(bytes, content)
            case 11: body = try Self.string(bytes, content)
            case 12: rawBody = content
            case 13: try takeLines(bytes, content)
            default: break
            }
        }
    }

    /// A protobuf string is UTF-8.
    private static func string(_ bytes: Span<UInt8>, _ part: Part) throws(Malformed) -> Part {
        guard FieldSyntax.isUTF8(bytes.extracting(part.range)) else { throw Malformed() }
        return part
    }

    // MARK: Headers

    /// More than these and the allowed number of headers are refused whatever they are, and so need not be kept.
    private static let maximum = RequestLimits.headerFields + 16

    /// An entry of the map `headers`: a name that comes again replaces what it had.
    private mutating func takeEntry(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        let header = try Self.header(bytes, message, rawValues: false)
        guard !hasLines else { return }
        if let index = index(of: header.name, bytes) {
            headers[index] = header
        } else if headers.count <= Self.maximum {
            headers.append(header)
        }
    }

    private mutating func index(of name: Part, _ bytes: Span<UInt8>) -> Int? {
        let text = bytes.extracting(name.range)
        let sum = text.isEmpty ? 0 : (text.count &+ Int(text[0]) &* 7 &+ Int(text[text.count - 1]) &* 3) & 63
        defer { names |= 1 << UInt64(sum) }
        guard names & 1 << UInt64(sum) != 0 else { return nil }
        return headers.firstIndex { sameBytes(bytes.extracting($0.name.range), text) }
    }

    private mutating func takeLines(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        if !hasLines { headers.removeAll(keepingCapacity: true) }
        hasLines = true
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard field.number == 1, let content = field.content else { continue }
            let header = try Self.header(bytes, content, rawValues: true)
            if headers.count <= Self.maximum { headers.append(header) }
        }
    }

    private static func header(
        _ bytes: Span<UInt8>, _ message: Part, rawValues: Bool
    ) throws(Malformed) -> RequestMessage.Field {
        var message = ProtobufReader(message)
        var header = RequestMessage.Field(name: .none, value: .none)
        var raw = Part.none
        while let field = try message.next(in: bytes) {
            guard let content = field.content else {
                // In the entry of a map a number in the place of a text is no entry at all.
                if !rawValues, field.number <= 2 { throw Malformed() }
                continue
            }
            switch field.number {
            case 1: header.name = try string(bytes, content)
            case 2: header.value = try string(bytes, content)
            case 3 where rawValues: raw = content
            default: break
            }
        }
        if !raw.isEmpty { header.value = raw }
        return header
    }

    // MARK: The peer

    private mutating func takePeer(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: try takeAddress(bytes, content)
            case 4: sourcePrincipal = content
            case 5: sourceCertificate = content
            default: break
            }
        }
    }

    /// One of the two: the last that is there.
    private mutating func takeAddress(_ bytes: Span<UInt8>, _ message: Part) throws(Malformed) {
        var message = ProtobufReader(message)
        while let field = try message.next(in: bytes) {
            guard let content = field.content else { continue }
            switch field.number {
            case 1:
                sourcePipe = .none
                sourceAddress = try Self.string(2, bytes, content) ?? sourceAddress
            case 2:
                sourceAddress = .none
                sourcePipe = try Self.string(1, bytes, content) ?? sourcePipe
            default: break
            }
        }
    }

    private static func string(_ number: UInt64, _ bytes: Span<UInt8>, _ message: Part) throws(Malformed) -> Part? {
        var message = ProtobufReader(message)
        var text: Part?
        while let field = try message.next(in: bytes) {
            if field.number == number, let content = field.content { text = try string(bytes, content) }
        }
        return text
    }
}
