import Web

/// How long the body of a request is, and how we know (RFC 9112 section 6).
enum HTTP1Framing {
    case none
    case length(Int)
    case chunked

    private struct Check: Sendable {
        // No strings that are counted: the table is walked for every request.
        let name: StaticString
        let section: StaticString
        let holds: @Sendable (HTTP1Head, Lines) -> Bool
    }

    /// The lines that frame a message.
    private struct Lines {
        var lengths: [RequestMessage.Part] = []
        var codings: [RequestMessage.Part] = []
        var hosts = 0

        init(_ message: RequestMessage) {
            for field in message.fields {
                switch field.name.count {
                case 4 where message.holds("host", at: field.name): hosts += 1
                case 14 where message.holds("content-length", at: field.name): lengths.append(field.value)
                case 17 where message.holds("transfer-encoding", at: field.name): codings.append(field.value)
                default: break
                }
            }
        }
    }

    /// Each is a way in which two servers could see two different requests in the same bytes.
    private static let checks: [Check] = [
        Check(name: "one host", section: "3.2") { head, lines in lines.hosts == 1 || head.isHTTP10 && lines.hosts == 0 },
        Check(name: "no codings before HTTP/1.1", section: "6.1") { head, lines in lines.codings.isEmpty || !head.isHTTP10 },
        Check(name: "a length or codings", section: "6.3") { _, lines in lines.codings.isEmpty || lines.lengths.isEmpty },
        Check(name: "no coding but chunked", section: "6.1, 7.1") { head, lines in
            lines.codings.isEmpty || lines.codings.count == 1 && head.message.holds("chunked", at: lines.codings[0])
        },
        Check(name: "one length", section: "6.3") { head, lines in lines.lengths.count <= 1 },
        Check(name: "the length is a number", section: "8.6 of RFC 9110") { head, lines in
            lines.lengths.allSatisfy { part in
                (1...19).contains(part.count) && head.message.bytes[part.range].allSatisfy { (0x30...0x39).contains($0) }
            }
        },
    ]

    init(_ head: HTTP1Head) throws(HTTP1Failure) {
        let lines = Lines(head.message)
        for check in Self.checks where !check.holds(head, lines) { throw .malformed }
        if !lines.codings.isEmpty {
            self = .chunked
        } else if let part = lines.lengths.first {
            let length = head.message.bytes[part.range].reduce(0) { min($0 * 10 + Int($1 - 0x30), RequestLimits.body + 1) }
            guard length <= RequestLimits.body else { throw .bodyTooLarge }
            self = length == 0 ? .none : .length(length)
        } else {
            self = .none
        }
    }
}
