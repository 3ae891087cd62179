/// How something is that a check has looked at. Texts are one clause each without a full stop, and hold no secret.
package enum Outcome: Sendable, Equatable {
    case ok(String)
    /// It works, but deserves a look; also what could not be found out.
    case warning(String, mend: String)
    case failure(String, mend: String)

    /// What was found.
    package var found: String {
        switch self {
        case .ok(let found), .warning(let found, _), .failure(let found, _): found
        }
    }

    package var mend: String? {
        switch self {
        case .ok: nil
        case .warning(_, let mend), .failure(_, let mend): mend
        }
    }

    /// As it is printed.
    package var word: String {
        switch self {
        case .ok: "ok"
        case .warning: "warning"
        case .failure: "failure"
        }
    }
}

/// What one check says about one thing.
package struct Finding: Sendable, Equatable {
    /// Which thing: `provider corp`, `localhost:8080`.
    package let subject: String
    package let outcome: Outcome

    package init(_ subject: String, _ outcome: Outcome) {
        self.subject = subject
        self.outcome = outcome
    }

    /// Names and texts of others stand in it, of objects and servers: none of them reaches a terminal as it is.
    var printable: Finding {
        let outcome: Outcome =
            switch outcome {
            case .ok(let found): .ok(found.printable)
            case .warning(let found, let mend): .warning(found.printable, mend: mend.printable)
            case .failure(let found, let mend): .failure(found.printable, mend: mend.printable)
            }
        return Finding(subject.printable, outcome)
    }

    static func ok(_ subject: String, _ found: String) -> Finding { Finding(subject, .ok(found)) }

    static func warning(_ subject: String, _ found: String, mend: String) -> Finding {
        Finding(subject, .warning(found, mend: mend))
    }

    static func failure(_ subject: String, _ found: String, mend: String) -> Finding {
        Finding(subject, .failure(found, mend: mend))
    }

    /// A failure where `isGrave`, a warning otherwise.
    static func graded(_ isGrave: Bool, _ subject: String, _ found: String, mend: String) -> Finding {
        isGrave ? failure(subject, found, mend: mend) : warning(subject, found, mend: mend)
    }
}
