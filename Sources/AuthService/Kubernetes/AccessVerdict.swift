package import RelyingParty

/// Whether somebody is let in, as far as it is known.
package enum AccessVerdict: Sendable, Equatable {
    case permitted
    case refused
    /// The API server's answer to this decides, or brings it nearer.
    case open(AccessAttributes)

    /// One of them is enough; the first question that is open goes first.
    static func any(_ verdicts: some Sequence<AccessVerdict>) -> AccessVerdict {
        var result = AccessVerdict.refused
        for verdict in verdicts {
            switch (verdict, result) {
            case (.permitted, _): return .permitted
            case (.open, .refused): result = verdict
            case (.open, _), (.refused, _): break
            }
        }
        return result
    }

    /// All of them are needed: none is asked about where another says no.
    static func all(_ verdicts: some Sequence<AccessVerdict>) -> AccessVerdict {
        var result = AccessVerdict.permitted
        for verdict in verdicts {
            switch (verdict, result) {
            case (.refused, _): return .refused
            case (.open, .permitted): result = verdict
            case (.open, _), (.permitted, _): break
            }
        }
        return result
    }
}
