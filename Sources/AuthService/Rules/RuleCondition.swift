import Web

/// What a rule asks of a request beyond host, path and method. Only rules that ask look at the whole request.
package enum RuleCondition: Sendable {
    /// One of these methods; for files that name more methods than the compiled form numbers.
    case methods([String])
    /// All of these headers.
    case headers([HeaderCondition])

    func holds(for facts: borrowing RequestFacts) -> Bool {
        switch self {
        case .methods(let methods): methods.contains { $0.utf8.elementsEqual(facts.http.method.utf8) }
        case .headers(let headers): headers.allSatisfy { $0.holds(for: facts.http.headers) }
        }
    }
}
