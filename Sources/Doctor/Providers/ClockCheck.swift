import RelyingParty
package import JOSE
import Web

/// Whether this machine and the issuers agree on the time, by the `Date` of what they answer: tokens begin and end by their clock
/// and are judged by ours. The storage is compared with where it is tried.
package enum ClockCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        let leads = seen.issuers.compactMap { visit in lead(visit).map { (visit, $0) } }
        let areAllOff = leads.count > 1 && leads.allSatisfy { abs($0.1) > $0.0.issuer.clockSkew }
        return leads.map { visit, lead in
            finding(visit.issuer.subject, lead, tolerance: visit.issuer.clockSkew, areAllOff: areAllOff)
        }
    }

    /// Seconds by which the issuer's clock is ahead of ours; negative: behind. What it took to ask is no difference.
    package static func lead(_ date: UnixTime, asked: UnixTime, answered: UnixTime) -> Int64 {
        if date > answered { return date.since(answered) }
        // It is cut to whole seconds.
        return date.adding(1) < asked ? date.since(asked) : 0
    }

    private static func lead(_ visit: IssuerVisit) -> Int64? {
        for fetched in [visit.discovery, visit.keys] {
            guard case .response(let response, let asked, let answered)? = fetched,
                // A cache answers with the time of long ago.
                response.headers.all("age").first.flatMap({ Int64($0) }) ?? 0 == 0,
                let date = response.headers.all("date").first.flatMap(HTTPDateText.parse)
            else { continue }
            return lead(date, asked: asked, answered: answered)
        }
        return nil
    }

    package static func finding(_ subject: String, _ lead: Int64, tolerance: Int64, areAllOff: Bool) -> Finding {
        let amount = "\(lead.magnitude) s \(lead < 0 ? "behind" : "ahead of") ours"
        let whose = areAllOff ? "this machine's clock: every server says so" : "that server's clock or this machine's"
        if abs(lead) > tolerance {
            return .failure(
                subject, "its clock is \(amount), and \(tolerance) s are tolerated",
                mend: "set \(whose), such as by chrony or systemd-timesyncd (`timedatectl` shows whether it is)")
        }
        if abs(lead) > max(2, tolerance / 2) {
            return .warning(subject, "its clock is \(amount)", mend: "set \(whose) before it is more than \(tolerance) s")
        }
        return .ok(subject, lead == 0 ? "its clock agrees with ours" : "its clock is \(amount), which is tolerated")
    }
}
