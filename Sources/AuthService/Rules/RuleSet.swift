package import JOSE

/// The rules in the order of the file, compiled: the first that matches decides, and finding it costs the same for one rule as for
/// ten thousand. Nothing matches: sign-in is needed.
package final class RuleSet: Sendable {
    /// Each by the number under which it stands in the trie.
    private let rules: [CompiledRule]
    private let fallback = CompiledRule(Rule(permission: .signedIn))
    /// For what is no path: no rule could be right about it.
    private let closed = CompiledRule(Rule(permission: .nobody))
    private let trie: RuleTrie
    private let methods: MethodNumbers
    private let clock: WallClock
    /// Headers that some rule tells applications, in lower case; under the others no client may send them either.
    let headerNames: [String]
    /// Scopes that some rule asks for.
    let scopes: Set<String>

    package init(_ rules: [Rule], clock: WallClock = .system) {
        let all = rules.enumerated().flatMap { index, rule in
            [rule.preflight, rule].compactMap { $0 }.map { (rule: $0, index: index) }
        }
        let methods = MethodNumbers(all.map(\.rule))
        var builder = RuleTrieBuilder()
        var compiled: [CompiledRule] = []
        for (number, (var rule, index)) in all.enumerated() {
            let set = methods.set(of: rule.methods)
            if set == nil { rule.conditions.append(.methods(rule.methods)) }
            builder.add(rule, number: number, methods: set ?? MethodNumbers.all, isConditional: !rule.conditions.isEmpty)
            compiled.append(CompiledRule(rule, index: index))
        }
        self.rules = compiled
        self.methods = methods
        self.clock = clock
        trie = builder.build()
        headerNames = rules.flatMap { $0.headers.map(\.header) + [$0.tokenDemand?.header].compactMap { $0 } }
        scopes = Set(rules.flatMap(\.requirement.scopes))
    }

    /// The rule that decides about a request. Allocates nothing, unless a rule with conditions comes into question.
    /// - Parameters:
    ///   - host: lower case, without port.
    ///   - path: normalised once (`RequestPath`), never the query.
    ///   - request: asked by rules with conditions only.
    package func match(
        method: Span<UInt8>, host: Span<UInt8>, path: Span<UInt8>, of request: CheckRequest
    ) -> CompiledRule {
        guard path.count > 0, path[0] == UInt8(ascii: "/") else { return closed }
        var search = RuleSearch(method: methods.set(of: method))
        trie.search(&search, host: host, path: path) { _ in true }
        if trie.hasConditions {
            var facts: RequestFacts?
            search.isConditional = true
            trie.search(&search, host: host, path: path) { holds($0, of: request, &facts) }
        }
        return search.rule == .max ? fallback : rules[Int(search.rule)]
    }

    private func holds(_ number: Int, of request: CheckRequest, _ facts: inout RequestFacts?) -> Bool {
        let read = facts ?? RequestFacts(request, now: clock.now)
        facts = read
        return rules[number].rule.conditions.allSatisfy { $0.holds(for: read) }
    }
}

extension RuleSet {
    /// The same for texts.
    package func match(method: String, host: String, path: [UInt8], of request: CheckRequest) -> CompiledRule {
        match(method: method.utf8.span, host: host.utf8.span, path: path.span, of: request)
    }
}
