package import AuthService
package import EnvoyAPI
import SwiftProtobuf
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
    package func read(_ bytes: [UInt8]) throws(Refusal) -> CheckRequest {
        let message: EnvoyCheckRequest
        do {
            message = try EnvoyCheckRequest(serializedBytes: bytes)
        } catch {
            throw .malformed
        }
        return try read(message)
    }

    package func read(_ message: EnvoyCheckRequest) throws(Refusal) -> CheckRequest {
        let attributes = message.attributes
        guard message.hasAttributes, attributes.hasRequest, attributes.request.hasHTTP else { throw .noRequest }
        let http = attributes.request.http
        var received = ReceivedRequest(
            methods: [http.method], targets: [http.path], hosts: [http.host], scheme: http.scheme, headers: [])
        for field in try fields(of: http) { received.take(field) }
        describeClient(attributes.source, http, in: &received)
        received.body = http.rawBody.isEmpty ? [UInt8](http.body.utf8) : [UInt8](http.rawBody)
        return try received.checked(gatewayCarriesPages: true)
    }

    private func fields(of http: EnvoyAttributeContext.HttpRequest) throws(Refusal) -> [(name: String, value: String)] {
        guard http.hasHeaderMap else { return http.headers.map { (name: $0.key, value: $0.value) } }
        var fields: [(name: String, value: String)] = []
        fields.reserveCapacity(http.headerMap.headers.count)
        for header in http.headerMap.headers {
            guard !header.rawValue.isEmpty else {
                fields.append((name: header.key, value: header.value))
                continue
            }
            let value = String(validating: header.rawValue, as: UTF8.self)
            guard value != nil || !Self.isAddress(header.key) else { throw .notUTF8 }
            // Kept where it is no UTF-8: its name may be one of ours, and a cookie of somebody else's locks nobody out.
            fields.append((name: header.key, value: value ?? String(decoding: header.rawValue, as: UTF8.self)))
        }
        return fields
    }

    /// Whether the header says which request it is: there nothing is guessed.
    private static func isAddress(_ name: String) -> Bool { name.utf8.first == UInt8(ascii: ":") || name == "host" }

    private func describeClient(
        _ source: EnvoyAttributeContext.Peer, _ http: EnvoyAttributeContext.HttpRequest, in received: inout ReceivedRequest
    ) {
        let peer = IPAddress(source.address.socketAddress.address)
        received.clientAddress = peer == nil ? "" : source.address.socketAddress.address
        let headers = HeaderList(received.headers)
        if peer.map(trusted.contains) ?? (source.address.pipe.path.isEmpty == false) {
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
