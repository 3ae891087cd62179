/// Whether every host has an address.
enum NameCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { seen.names.map(finding) }

    static func finding(_ visit: NameVisit) -> Finding {
        let subject = "\(visit.host.host) (\(visit.host.subject))"
        switch visit.answer {
        case .addresses(let addresses): return .ok(subject, addresses.prefix(3).joined(separator: ", "))
        case .unknown(let reason):
            return .graded(
                visit.host.isNeeded, subject, "it has no address here: \(reason)",
                mend: visit.host.isNeeded
                    ? "correct the name, or add it to DNS" : "add it to DNS where browsers are, if it is not there")
        }
    }
}
