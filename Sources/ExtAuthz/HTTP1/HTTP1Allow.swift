import AuthService
import NIOCore
import Web

/// Writes an allow for the gateways that ask over HTTP: status 200 with every header of ours, empty where there is nothing to
/// say, since none of them can remove a header: a gateway that copies it overwrites the client's.
enum HTTP1Allow {
    /// - Parameter sent: of the client's request; `nil` for Envoy, which keeps what an answer does not name.
    /// - Returns: `false`: nothing was written, since the allow would break the message.
    static func write(
        _ accepted: Accepted, for dialect: CheckDialect, _ sent: SentCredentials?, _ end: HTTP1ResponseEnd,
        to output: inout ByteBuffer
    ) -> Bool {
        let grant = accepted.grant.writtenForHTTP(written)
        guard grant.isSound, accepted.cookies.allSatisfy(FieldSyntax.isValue) else { return false }
        output.writeBytes(grant.headers)
        for name in accepted.spellingsToRemove { HTTP1ResponseEnd.write(name, "", to: &output) }
        if let sent {
            sent.write(accepted, writesEmpty: !dialect.removesWhatIsNotNamed, to: &output)
        } else {
            writeCookieHeader(accepted.cookieHeader, to: &output)
        }
        for (index, cookie) in accepted.cookies.enumerated() {
            guard case .nginx = dialect else {
                HTTP1ResponseEnd.write("set-cookie", cookie, to: &output)
                continue
            }
            if index < NginxReply.cookies { HTTP1ResponseEnd.write(NginxReply.cookie(index), cookie, to: &output) }
        }
        end.close(0, to: &output)
        return true
    }

    /// What the application gets in place of the client's `cookie`; empty where nothing but ours was there.
    private static func writeCookieHeader(_ remainder: OwnCookies.Remainder, to output: inout ByteBuffer) {
        switch remainder {
        case .untouched: break
        case .none: HTTP1ResponseEnd.write("cookie", "", to: &output)
        case .others(let value):
            output.writeStaticString("cookie: ")
            if FieldSyntax.isVisible(value.span) { output.writeBytes(value) }
            output.writeStaticString("\r\n")
        }
    }

    private static func written(_ grant: AcceptedGrant) -> WrittenGrant {
        var output = ByteBuffer(string: "HTTP/1.1 200 OK\r\n")
        for header in grant.headersToSet { HTTP1ResponseEnd.write(header.name, header.value, to: &output) }
        for name in grant.headersToRemove { HTTP1ResponseEnd.write(name, "", to: &output) }
        return WrittenGrant(headers: Array(output.readableBytesView), isSound: Verdict.isWritable(grant))
    }
}
