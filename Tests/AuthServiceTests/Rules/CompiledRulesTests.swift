import AuthService
import Testing
import Web

struct CompiledRulesTests {
    /// Small sets, where nearly every request meets a rule, and large ones, where most rules are hidden.
    @Test(arguments: 0..<60)
    func decidesAsTheRulesReadInOrder(seed: Int) {
        var random = RandomRules(seed: UInt64(seed))
        let rules = random.rules([1, 3, 8, 20, 80][seed % 5])
        let compiled = RuleSet(rules)
        let linear = LinearRules(rules: rules)
        for _ in 0..<150 {
            let request = random.request()
            let found = compiled.match(request.method, request.authority, request.target, headers: request.headers).index
            let expected = linear.match(request, host: request.authority) ?? -1
            #expect(found == expected, "seed \(seed): \(request.method) \(request.authority) \(request.target)")
        }
    }

    @Test func findsEachOfTenThousandRules() {
        let rules = (0..<10_000).map { index in
            index % 2 == 0
                ? Rule(hosts: [.exact("h\(index).example.com")], permission: .signedIn)
                : Rule(paths: [.below(prefix: Array("/team/\(index)/".utf8))], permission: .signedIn)
        }
        let compiled = RuleSet(rules)
        let missed = rules.indices.filter { index in
            let host = index % 2 == 0 ? "h\(index).example.com" : "other.example.com"
            return compiled.match("GET", host, index % 2 == 0 ? "/" : "/team/\(index)/x").index != index
        }
        #expect(missed == [])
        #expect(compiled.match("GET", "h5000.example.com", "/team/9/x").index == 9, "the earlier one decides over trees")
    }

    @Test func numbersMoreMethodsThanBits() {
        let rules = (0..<100).map { Rule(methods: ["M\($0)"], permission: .signedIn) }
        let compiled = RuleSet(rules)
        #expect((0..<100).map { compiled.match("M\($0)", "a", "/").index } == Array(0..<100))
        #expect(compiled.match("M100", "a", "/").index == -1)
    }

    @Test func whatIsNoPathIsClosed() {
        let compiled = RuleSet([Rule(permission: .anyone)])
        guard case .nobody = compiled.match("OPTIONS", "a", "*").permission else { return #expect(Bool(false), "not closed") }
    }

    @Test func conditionsDoNotHideLaterRules() {
        let header = RuleCondition.headers([HeaderCondition(name: "x-a", requirement: .present)])
        let compiled = RuleSet([Rule(conditions: [header], permission: .anyone), Rule(permission: .nobody)])
        #expect(compiled.match("GET", "a", "/").index == 1)
        #expect(compiled.match("GET", "a", "/", headers: ["x-a": ""]).index == 0)
    }
}
