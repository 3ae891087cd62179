import AuthService
import NIOCore
import Web

/// The `cookie` and `authorization` of a client's request, for gateways that take both for the application from the answer.
///
/// Such a gateway can put a header of the answer in the place of the client's, and cannot leave the client's alone by the answer's
/// word. So every allow names what goes on, the client's own included: an answer that names nothing lets nothing go on.
struct SentCredentials {
    /// Several lines as one (RFC 9113 §8.2.3).
    private var cookie: [UInt8] = []
    private var authorization: [UInt8] = []

    init(_ message: RequestMessage) {
        let bytes = message.bytes.span
        var credentials = 0
        for field in message.fields {
            let name = bytes.extracting(field.name.range)
            if sameBytes(name, "cookie") {
                if !cookie.isEmpty { cookie.append(contentsOf: "; ".utf8) }
                cookie.append(contentsOf: message.bytes[field.value.range])
            } else if sameBytes(name, "authorization") {
                credentials += 1
                authorization = Array(message.bytes[field.value.range])
            }
        }
        // Of several nobody knows which the application would read: none goes on.
        if credentials > 1 { authorization = [] }
    }

    /// - Parameter writesEmpty: whether a header that goes is named with an empty value; else it is not named.
    func write(_ accepted: Accepted, writesEmpty: Bool, to output: inout ByteBuffer) {
        let names = accepted.grant.names
        if !names.contains("authorization") { Self.write("authorization", authorization, writesEmpty, to: &output) }
        guard !names.contains("cookie") else { return }
        switch accepted.cookieHeader {
        case .untouched: Self.write("cookie", cookie, writesEmpty, to: &output)
        case .others(let others): Self.write("cookie", others, writesEmpty, to: &output)
        case .none: Self.write("cookie", [], writesEmpty, to: &output)
        }
    }

    private static func write(_ name: StaticString, _ value: [UInt8], _ writesEmpty: Bool, to output: inout ByteBuffer) {
        let isValue = FieldSyntax.isValue(value.span)
        guard writesEmpty || isValue && !value.isEmpty else { return }
        output.writeStaticString(name)
        output.writeStaticString(": ")
        if isValue { output.writeBytes(value) }
        output.writeStaticString("\r\n")
    }
}
