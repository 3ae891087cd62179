package import NIOCore
import Web

/// What we need of Envoy's `CheckRequest` (Protos/envoy_check.proto has the numbers), read in place. As in every protobuf
/// message the last of several values counts, and messages that come in parts are put together.
package struct CheckFields {
    package struct Header {
        package let name: String
        package let value: String
        /// The value was made from bytes that are no UTF-8.
        package let isRepaired: Bool
    }

    package private(set) var hasHTTP = false
    package private(set) var method = ""
    package private(set) var path = ""
    package private(set) var host = ""
    package private(set) var scheme = ""
    package private(set) var body: [UInt8] = []
    package private(set) var rawBody: [UInt8] = []
    /// Of the peer that the request came from: its address, or the path of its Unix socket.
    package private(set) var sourceAddress = ""
    package private(set) var sourcePipe = ""
    /// From `header_map` where the message has one, else from `headers`.
    package var headers: [Header] { lines ?? joined }

    private var joined: [Header] = []
    private var lines: [Header]?

    /// `nil`: the bytes are no such message.
    package init?(_ message: ByteBuffer) {
        do {
            try takeCheck(ProtobufReader(message))
        } catch {
            return nil
        }
    }

    private typealias Malformed = ProtobufReader.Malformed

    private mutating func takeCheck(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            if field.number == 1, let content = field.content { try takeAttributes(content) }
        }
    }

    private mutating func takeAttributes(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: try takePeer(content)
            case 4: try takeRequest(content)
            default: break
            }
        }
    }

    private mutating func takeRequest(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            guard field.number == 2, let content = field.content else { continue }
            hasHTTP = true
            try takeHTTP(content)
        }
    }

    private mutating func takeHTTP(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: _ = try content.string()
            case 2: method = try content.string()
            case 3: try takeEntry(content)
            case 4: path = try content.string()
            case 5: host = try content.string()
            case 6: scheme = try content.string()
            case 11: body = [UInt8](try content.string().utf8)
            case 12: rawBody = content.array
            case 13: try takeLines(content)
            default: break
            }
        }
    }

    // MARK: Headers

    /// An entry of the map `headers`: a name that comes again replaces what it had.
    private mutating func takeEntry(_ message: ProtobufReader) throws(Malformed) {
        let header = try header(message, rawValues: false)
        if let index = joined.firstIndex(where: { sameBytes($0.name, header.name) }) {
            joined[index] = header
        } else if joined.count <= RequestLimits.headerFields + Self.pseudoHeaders {
            joined.append(header)
        }
    }

    private mutating func takeLines(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        var lines = lines ?? []
        while let field = try message.next() {
            guard field.number == 1, let content = field.content else { continue }
            let header = try header(content, rawValues: true)
            if lines.count <= RequestLimits.headerFields + Self.pseudoHeaders { lines.append(header) }
        }
        self.lines = lines
    }

    /// More than these and the allowed number of headers are refused whatever they are, and so need not be kept.
    private static let pseudoHeaders = 16

    private func header(_ message: ProtobufReader, rawValues: Bool) throws(Malformed) -> Header {
        var message = message
        var name = ""
        var value = ""
        var raw: ProtobufReader?
        while let field = try message.next() {
            guard let content = field.content else { continue }
            switch field.number {
            case 1: name = try content.string()
            case 2: value = try content.string()
            case 3 where rawValues: raw = content
            default: break
            }
        }
        guard let raw, !raw.isEmpty else { return Header(name: name, value: value, isRepaired: false) }
        let (text, isValid) = raw.text
        return Header(name: name, value: text, isRepaired: !isValid)
    }

    // MARK: The peer

    private mutating func takePeer(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            if field.number == 1, let content = field.content { try takeAddress(content) }
        }
    }

    /// One of the two: the last that is there.
    private mutating func takeAddress(_ message: ProtobufReader) throws(Malformed) {
        var message = message
        while let field = try message.next() {
            guard let content = field.content else { continue }
            switch field.number {
            case 1:
                sourcePipe = ""
                sourceAddress = try string(2, of: content) ?? sourceAddress
            case 2:
                sourceAddress = ""
                sourcePipe = try string(1, of: content) ?? sourcePipe
            default: break
            }
        }
    }

    private func string(_ number: UInt64, of message: ProtobufReader) throws(Malformed) -> String? {
        var message = message
        var text: String?
        while let field = try message.next() {
            if field.number == number, let content = field.content { text = try content.string() }
        }
        return text
    }
}
