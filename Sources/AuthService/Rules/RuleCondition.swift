package import Web

/// What a rule asks of a request beyond host, path and method. Only rules that ask look at the whole request.
package enum RuleCondition: Sendable {
    /// One of these methods; for files that name more methods than the compiled form numbers.
    case methods([String])
    /// All of these headers.
    case headers([HeaderCondition])
    /// The client's address is in one of these ranges. Where it is not known, `unknown` decides: true for a rule that closes.
    case networks([AddressRange], unknown: Bool)
    /// It is in one of these times.
    case times([TimeWindow])
    /// A browser asks whether a page of another origin may send one of these methods; of any, where there are none (Fetch §4.8).
    case preflight(for: [String])

    func holds(for facts: RequestFacts) -> Bool {
        switch self {
        case .methods(let methods): methods.contains { sameBytes($0, facts.http.method) }
        case .headers(let headers): headers.allSatisfy { $0.holds(for: facts.http.headers) }
        case .networks(let ranges, let unknown):
            facts.clientAddress.map { address in ranges.contains { $0.contains(address) } } ?? unknown
        case .times(let windows): windows.contains { $0.contains(facts.now) }
        case .preflight(let methods): Self.isPreflight(facts.http, for: methods)
        }
    }

    private static func isPreflight(_ request: WebRequest, for methods: [String]) -> Bool {
        let asked = request.headers.all("access-control-request-method")
        guard request.headers.all("origin").count == 1, asked.count == 1, let method = asked.first else { return false }
        return methods.isEmpty || methods.contains { sameBytes($0, method) }
    }
}
