package import JOSE
package import Settings

/// What all checks have found, in the order of their table.
package struct Report: Sendable {
    package struct Entry: Sendable, Equatable {
        package let check: String
        package let finding: Finding
    }

    package let entries: [Entry]

    package init(_ observations: Observations, _ cluster: Cluster?) {
        entries = Self.entries(Checks.configuration, observations) + (cluster.map { Self.entries(Checks.cluster, $0) } ?? [])
    }

    /// Of a cluster's objects alone.
    package init(_ cluster: Cluster) { entries = Self.entries(Checks.cluster, cluster) }

    /// Of a file that is refused: what is wrong with it is all that can be said.
    package init(_ problems: [ConfigurationProblem], file: String) {
        let name = Checks.configuration.first?.name ?? "configuration"
        entries = ConfigurationCheck.findings(problems, file: file).map { Entry(check: name, finding: $0.printable) }
    }

    private static func entries<Seen>(_ checks: [Check<Seen>], _ seen: Seen) -> [Entry] {
        checks.flatMap { check in check.judge(seen).map { Entry(check: check.name, finding: $0.printable) } }
    }

    package var failures: Int { count("failure") }
    package var warnings: Int { count("warning") }

    private func count(_ word: String) -> Int { entries.count { $0.finding.outcome.word == word } }

    /// One line a finding, with how to mend it below, and the sum of all.
    package func lines(withoutOK: Bool = false) -> String {
        let width = entries.map(\.check.count).max() ?? 0
        let shown = entries.filter { !withoutOK || $0.finding.outcome.mend != nil }
        let lines = shown.flatMap { entry -> [String] in
            let outcome = entry.finding.outcome
            let start = padded(outcome.word, 9) + padded(entry.check, width + 2)
            let mend = outcome.mend.map { String(repeating: " ", count: width + 11) + "mend: " + $0 }
            return ["\(start)\(entry.finding.subject): \(outcome.found)"] + [mend].compactMap { $0 }
        }
        return (lines + [sum]).joined(separator: "\n")
    }

    private var sum: String {
        let good = entries.count - failures - warnings
        return "\(good) ok, \(warnings) warning\(warnings == 1 ? "" : "s"), \(failures) failure\(failures == 1 ? "" : "s")"
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// `{"ok": …, "warnings": n, "failures": n, "findings": [{check, subject, outcome, found, mend}]}`
    package var json: JSONValue {
        let findings = entries.map { entry in
            var members = JSONObject([
                ("check", .string(entry.check)), ("subject", .string(entry.finding.subject)),
                ("outcome", .string(entry.finding.outcome.word)), ("found", .string(entry.finding.outcome.found)),
            ])
            members["mend"] = entry.finding.outcome.mend.map { .string($0) }
            return JSONValue.object(members)
        }
        return .object(
            JSONObject([
                ("ok", .bool(failures == 0)), ("warnings", .integer(Int64(warnings))), ("failures", .integer(Int64(failures))),
                ("findings", .array(findings)),
            ]))
    }
}
