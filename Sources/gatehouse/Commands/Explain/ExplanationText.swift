import Accounts
import AuthService
import JOSE

/// An explanation as lines for people, or as JSON.
struct ExplanationText {
    private let explanation: Explanation
    private let line: Int?
    private let file: String
    private let assertionHeader: String?

    /// - Parameters:
    ///   - line: of the rule in the file.
    ///   - assertionHeader: the header of the assertion that a running service would set.
    init(_ explanation: Explanation, line: Int?, file: String, assertionHeader: String?) {
        self.explanation = explanation
        self.line = line
        self.file = file
        self.assertionHeader = assertionHeader
    }

    var lines: String {
        var rows: [(String, String)] = []
        if let rule = explanation.rule { rows.append(("rule", rule + (line.map { "   \(file):\($0)" } ?? ""))) }
        if let host = explanation.host, let path = explanation.path { rows.append(("read as", host + " " + path)) }
        if let tenant = explanation.tenant { rows.append(("tenant", tenant)) }
        rows.append(("decision", explanation.outcome.rawValue + (explanation.status.map { " \($0)" } ?? "")))
        rows += explanation.reasons.map { ("because", $0) }
        rows += explanation.headersToSet.map { ("sets", "\($0.name): \($0.value)") }
        if let assertionHeader { rows.append(("sets", "\(assertionHeader): (a signed assertion)")) }
        rows += explanation.headersToRemove.filter { $0 != assertionHeader }.map { ("removes", $0) }
        return rows.map { $0 + String(repeating: " ", count: max(1, 10 - $0.count)) + $1 }.joined(separator: "\n")
    }

    var json: String {
        var members = JSONObject([("decision", .string(explanation.outcome.rawValue))])
        members["status"] = explanation.status.map { .integer(Int64($0)) }
        members["rule"] = explanation.rule.map { .string($0) }
        members["line"] = line.map { .integer(Int64($0)) }
        members["host"] = explanation.host.map { .string($0) }
        members["path"] = explanation.path.map { .string($0) }
        members["tenant"] = explanation.tenant.map { .string($0) }
        members["reasons"] = .strings(explanation.reasons)
        members["set"] = .object(JSONObject(explanation.headersToSet.map { ($0.name, .string($0.value)) }))
        members["assertion"] = assertionHeader.map { .string($0) }
        members["remove"] = .strings(explanation.headersToRemove.filter { $0 != assertionHeader })
        return JSONValue.object(members).jsonText
    }
}
