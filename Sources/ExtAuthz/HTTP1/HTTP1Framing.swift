import Web

/// How long the body of a request is, and how we know (RFC 9112 section 6).
enum HTTP1Framing {
    case none
    case length(Int)
    case chunked

    private struct Check: Sendable {
        let name: String
        let section: String
        let holds: @Sendable (HTTP1Head, Lines) -> Bool
    }

    /// The lines that frame a message.
    private struct Lines {
        let lengths: [RequestMessage.Part]
        let codings: [RequestMessage.Part]
        let hosts: Int
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
        // What nearly every check looks like: no body, one host.
        let lines = Lines(
            lengths: head.message.all("content-length"), codings: head.message.all("transfer-encoding"),
            hosts: head.message.all("host").count)
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
