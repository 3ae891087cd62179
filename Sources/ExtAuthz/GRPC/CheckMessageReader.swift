package import AuthService
package import NIOCore
import Web

/// Turns Envoy's `CheckRequest` message into the request to decide on.
package struct CheckMessageReader: Sendable {
    private let trusted: TrustedProxies
    private let newID: @Sendable () -> String

    /// - Parameters:
    ///   - trusted: the proxies in front of the gateway whose `x-forwarded-for` and `x-forwarded-proto` tell the truth.
    ///   - newID: makes an id for a request that has none.
    package init(trusted: TrustedProxies, newID: @escaping @Sendable () -> String) {
        self.trusted = trusted
        self.newID = newID
    }

    /// Reads the bytes of one message. Bytes that are no such message are a refusal like any other: a gRPC error would let
    /// the request pass at a gateway that is set to fail open.
    package func read(_ message: ByteBuffer) throws(Refusal) -> CheckRequest {
        guard let fields = CheckFields(message) else { throw .malformed }
        guard fields.hasHTTP else { throw .noRequest }
        var received = ReceivedRequest(
            methods: [fields.method], targets: [fields.path], hosts: [fields.host], scheme: fields.scheme, headers: [])
        received.headers.reserveCapacity(fields.headers.count)
        for header in fields.headers {
            // Kept where it is no UTF-8: its name may be one of ours, and a cookie of somebody else's locks nobody out.
            guard !header.isRepaired || !Self.isAddress(header.name) else { throw .notUTF8 }
            received.take((name: header.name, value: header.value))
        }
        describeClient(fields, in: &received)
        received.body = fields.rawBody.isEmpty ? fields.body : fields.rawBody
        return try received.checked(gatewayCarriesPages: true)
    }

    /// Whether the header says which request it is: there nothing is guessed.
    private static func isAddress(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ":") || name == "host" }

    private func describeClient(_ fields: CheckFields, in received: inout ReceivedRequest) {
        let peer = IPAddress(fields.sourceAddress)
        received.clientAddress = peer == nil ? "" : fields.sourceAddress
        let headers = HeaderList(received.headers)
        if peer.map(trusted.contains) ?? (!fields.sourcePipe.isEmpty) {
            received.clientAddress = trusted.client(forwardedFor: headers.all("x-forwarded-for")) ?? received.clientAddress
            received.scheme = headers.first("x-forwarded-proto") ?? received.scheme
        }
        received.id = RequestID.choose(headers.first("x-request-id"), make: newID)
    }
}

extension ReceivedRequest {
    /// Envoy lists the pseudo-headers among the headers: they have to say the same as the fields of the message.
    fileprivate mutating func take(_ field: (name: String, value: String)) {
        switch field.name {
        case ":method": methods.append(field.value)
        case ":path": targets.append(field.value)
        case ":authority", "host": hosts.append(field.value)
        case ":scheme", ":protocol": break
        default: headers.append(field)
        }
    }
}
