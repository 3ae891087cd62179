/// Why Redis did not do what it was asked to. The texts are for the log: no user data, no secret.
enum RedisFailure: Error, Sendable {
    /// Nobody answers, or not in time; what was sent may or may not have happened.
    case away(String)
    /// The server is there, and not for us: with these settings it will not be.
    case denied(String)
    /// Too much waits for answers already; nothing was sent.
    case full
    /// Who asked does not want to know any more.
    case givenUp
    /// Redis has answered that it does not do it.
    case refused(RedisRefusal)

    var detail: String {
        switch self {
        case .away(let reason), .denied(let reason): "Redis: \(reason)"
        case .full: "Redis: too many commands wait for their answers"
        case .givenUp: "Redis: the question was given up"
        case .refused(let refusal): "Redis: \(refusal.text)"
        }
    }
}

/// An error reply.
struct RedisRefusal: Error, Sendable {
    /// Its first word: `READONLY`, `NOSCRIPT` …
    let code: String
    /// Without what it repeats of the command.
    let text: String
    /// What follows the first word, for `MOVED` and `ASK`: the slot and the node.
    let words: [Substring]

    init(_ reply: String) {
        words = reply.split(separator: " ")
        code = words.first.map(String.init) ?? ""
        let end = reply.range(of: ", with args")?.lowerBound ?? reply.endIndex
        text = String(reply[..<end].prefix(200))
    }

    /// Whether the same may go well a moment later: it still reads its file, or its cluster finds together.
    var isOfTheMoment: Bool { isOfAnotherServer || ["LOADING", "CLUSTERDOWN", "TRYAGAIN", "BUSY"].contains(code) }

    /// Whether this server is no master any more, or not the one of our keys: another has to be looked for.
    var isOfAnotherServer: Bool { ["READONLY", "MASTERDOWN", "UNBLOCKED"].contains(code) }
}

extension String {
    fileprivate func range(of part: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(part) { return start..<index(start, offsetBy: part.count) }
            start = index(after: start)
        }
        return nil
    }
}
