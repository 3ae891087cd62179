/// The first message of a TLS client, as far as we look at it: which protocols it offers (RFC 8446 section 4.1.2, RFC 7301
/// section 3.1). TLS itself reads the message again, and strictly.
package enum ClientHello: Equatable {
    /// More bytes are needed.
    case incomplete
    case malformed
    /// The names that the client offers, in its order; nil where it has no such extension.
    case offers([[UInt8]]?)

    /// Records and message together; what is larger is no sensible client.
    package static let limit = 32 * 1024

    private struct Malformed: Error {}

    /// - Parameter bytes: all that has come from the client, from its first byte on.
    package init(reading bytes: some Sequence<UInt8>) {
        do throws(Malformed) {
            guard let body = try Self.body(ofRecords: Array(bytes)) else {
                self = .incomplete
                return
            }
            self = .offers(try Self.offers(body))
        } catch {
            self = .malformed
        }
    }

    /// The message's body, put together from as many records as it takes; nil where not all of it is there yet.
    private static func body(ofRecords bytes: [UInt8]) throws(Malformed) -> ArraySlice<UInt8>? {
        guard bytes.count <= limit else { throw Malformed() }
        var records = TLSBytes(bytes)
        var message: [UInt8] = []
        while true {
            if let body = try body(of: message) { return body }
            guard let type = records.byte() else { return nil }
            // handshake
            guard type == 22 else { throw Malformed() }
            guard records.take(2) != nil, let fragment = records.vector16() else { return nil }
            guard !fragment.isEmpty else { throw Malformed() }
            message += fragment
        }
    }

    private static func body(of message: [UInt8]) throws(Malformed) -> ArraySlice<UInt8>? {
        var reader = TLSBytes(message)
        guard let type = reader.byte() else { return nil }
        // client_hello
        guard type == 1 else { throw Malformed() }
        guard let high = reader.byte(), let low = reader.number16() else { return nil }
        let length = Int(high) << 16 | low
        guard length <= limit else { throw Malformed() }
        return reader.take(length)
    }

    private static func offers(_ body: ArraySlice<UInt8>) throws(Malformed) -> [[UInt8]]? {
        var reader = TLSBytes(Array(body))
        // version, random, session id, cipher suites, compression methods
        guard reader.take(2 + 32) != nil, reader.vector8() != nil, reader.vector16() != nil, reader.vector8() != nil else {
            throw Malformed()
        }
        if reader.isAtEnd { return nil }
        guard let content = reader.vector16() else { throw Malformed() }
        var extensions = TLSBytes(Array(content))
        while !extensions.isAtEnd {
            guard let type = extensions.number16(), let data = extensions.vector16() else { throw Malformed() }
            // application_layer_protocol_negotiation
            if type == 16 { return try names(data) }
        }
        return nil
    }

    private static func names(_ data: ArraySlice<UInt8>) throws(Malformed) -> [[UInt8]] {
        var reader = TLSBytes(Array(data))
        guard let list = reader.vector16(), reader.isAtEnd, !list.isEmpty else { throw Malformed() }
        var entries = TLSBytes(Array(list))
        var names: [[UInt8]] = []
        while !entries.isAtEnd {
            guard let name = entries.vector8(), !name.isEmpty else { throw Malformed() }
            names.append(Array(name))
        }
        return names
    }
}
