/// Connects to every directory, binds as the service account, and searches.
enum DirectoryCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { seen.directories.map(finding) }

    static func finding(_ visit: DirectoryVisit) -> Finding {
        let subject = "\(visit.directory.subject) at \(visit.host)"
        switch visit.answer {
        case .unreachable(let reason):
            return .failure(
                subject, "it cannot be connected to: \(reason)",
                mend: "start it, or correct `host`, `startTLS` (389) or `rootCA`; `insecureNoSSL: true` is for clear text")
        case .refused(let reason):
            return .failure(
                subject, "the service account is refused: \(reason)", mend: "correct `bindDN` or the password in `bindPW`")
        case .noBase(let key, let dn):
            return .failure(
                subject, "`\(key)` \(dn.quotedForeign) is not there, or the service account may not see it",
                mend: "correct `\(key)`, or let the account read it")
        case .searchFails(let key, let reason):
            return .failure(subject, "the search of `\(key)` fails: \(reason)", mend: "correct its `filter` and `baseDN`")
        case .nobody(let key, let dn):
            return .warning(
                subject, "nothing below `\(key)` \(dn.quotedForeign) is found by the filter",
                mend: "correct `filter` or `scope`, or let the service account read more")
        case .good:
            let account = visit.directory.hasAccount ? "lets the service account in" : "lets anybody search"
            return .ok(subject, "it answers over \(visit.directory.encryption), \(account), and finds users")
        }
    }
}
