package import AuthService
import Web

/// Turns Envoy's `CheckRequest` message into the request to decide on.
package struct CheckMessageReader: Sendable {
    private let trusted: TrustedProxies
    private let client: ClientReader

    /// - Parameters:
    ///   - trusted: the proxies in front of the gateway whose `x-forwarded-for` and `x-forwarded-proto` tell the truth.
    ///   - newID: makes an id for a request that has none.
    package init(trusted: TrustedProxies, newID: @escaping @Sendable () -> String) {
        self.trusted = trusted
        client = ClientReader { message in
            (address: Self.client(message, trusted), id: RequestID.choose(message, make: newID))
        }
    }

    /// Reads the bytes of one message. Bytes that are no such message are a refusal like any other: a gRPC error would let
    /// the request pass at a gateway that is set to fail open.
    /// - Parameter isFromGateway: whether they come from a peer that is trusted: only then what they say of certificates counts.
    package func read(_ message: [UInt8], isFromGateway: Bool = false) throws(Refusal) -> CheckRequest {
        guard let fields = CheckFields(message) else { throw .malformed }
        guard fields.hasHTTP else { throw .noRequest }
        var reading = RequestReading(RequestMessage(bytes: fields.bytes, fields: fields.headers))
        reading.name(.method, fields.method)
        reading.name(.target, fields.path)
        reading.name(.authority, fields.host)
        reading.message.peerAddress = fields.sourceAddress
        reading.message.peerSocket = fields.sourcePipe
        reading.message.peerCertificate = fields.sourceCertificate
        reading.message.peerPrincipal = fields.sourcePrincipal
        try reading.takePseudoHeaders()
        try reading.tidyHeaders()
        readScheme(fields.scheme, &reading)
        let body = fields.rawBody.isEmpty ? fields.body : fields.rawBody
        return try reading.checked(
            body: body.isEmpty ? [] : Array(fields.bytes[body.range]), gatewayCarriesPages: true,
            gatewayTellsCertificate: isFromGateway, client: client)
    }

    private func readScheme(_ scheme: RequestMessage.Part, _ reading: inout RequestReading) {
        reading.takeScheme(scheme)
        guard let forwarded = reading.message.first("x-forwarded-proto") else { return }
        let own = reading.scheme
        reading.takeScheme(forwarded)
        // Envoy writes this header itself; only where it says another thing it matters whose word it is.
        if reading.scheme != own, !Self.isTrusted(reading.message, trusted) { reading.scheme = own }
    }

    private static func isTrusted(_ message: RequestMessage, _ trusted: TrustedProxies) -> Bool {
        IPAddress(message.text(message.peerAddress)).map(trusted.contains) ?? !message.peerSocket.isEmpty
    }

    private static func client(_ message: RequestMessage, _ trusted: TrustedProxies) -> String {
        let source = message.text(message.peerAddress)
        let peer = IPAddress(source)
        let own = peer == nil ? "" : source
        guard isTrusted(message, trusted) else { return own }
        return trusted.client(forwardedFor: message.all("x-forwarded-for").map(message.text)) ?? own
    }
}

extension RequestReading {
    /// Envoy lists the pseudo-headers among the headers: they have to say the same as the fields of the message. Nothing in
    /// them is guessed; others are kept where they are no UTF-8: a cookie of somebody else's locks nobody out.
    fileprivate mutating func takePseudoHeaders() throws(Refusal) {
        var kept = 0
        for index in message.fields.indices {
            let field = message.fields[index]
            guard let what = meaning(of: field.name) else {
                message.fields[kept] = field
                kept += 1
                continue
            }
            guard FieldSyntax.isUTF8(message.bytes.span.extracting(field.value.range)) else { throw .notUTF8 }
            if !what.isEmpty { name(what, field.value) }
        }
        message.fields.removeSubrange(kept...)
    }

    /// What of the address a header names: empty where it is none of ours; `nil` for a header of the client's.
    private func meaning(of name: RequestMessage.Part) -> Conflicts? {
        guard let first = message.bytes[name.range].first else { return nil }
        if first == UInt8(ascii: "h") { return message.holds("host", at: name) ? .authority : nil }
        guard first == UInt8(ascii: ":") else { return nil }
        if message.holds(":method", at: name) { return .method }
        if message.holds(":path", at: name) { return .target }
        if message.holds(":authority", at: name) { return .authority }
        return message.holds(":scheme", at: name) || message.holds(":protocol", at: name) ? [] : nil
    }

    /// Names become tokens in lower case, values lose the blanks around them; nothing in them ends a line.
    fileprivate mutating func tidyHeaders() throws(Refusal) {
        var hasUpperCase = false
        let bytes = message.bytes
        for index in message.fields.indices {
            guard let value = message.fields[index].tidyValue(in: bytes.span, &hasUpperCase) else { throw .badHeader }
            message.fields[index].value = value
        }
        if hasUpperCase { message.lowercaseNames() }
    }
}

extension RequestMessage.Field {
    /// `nil`: the field is not well formed.
    fileprivate func tidyValue(in bytes: Span<UInt8>, _ hasUpperCase: inout Bool) -> RequestMessage.Part? {
        let value = value.range
        guard FieldSyntax.isToken(bytes.extracting(name.range), &hasUpperCase), FieldSyntax.isValue(bytes.extracting(value))
        else {
            return nil
        }
        var (start, end) = (value.lowerBound, value.upperBound)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return RequestMessage.Part(start..<end)
    }
}
