import AuthService
import JOSE
import Testing
import Web

/// Headers that one rule tells and another does not.
struct RuleHeaderTests {
    private func signedIn() async throws -> (Harness, Browser) {
        let harness = try Harness(parts: { parts, clock in
            var wiki = Rule(paths: [.below(prefix: Array("/wiki/".utf8))], permission: .signedIn)
            wiki.headers = [
                RuleHeader(header: "X-Wiki-User", template: HeaderTemplate("wiki:{sub}")),
                RuleHeader(header: "kubeflow-groups", template: nil),
            ]
            parts.rules = RuleSet(
                [wiki, Rule(paths: [.below(prefix: Array("/open/".utf8))], permission: .anyone)], clock: clock)
        })
        var browser = Browser()
        try await harness.signIn(&browser, target: "/page")
        return (harness, browser)
    }

    private func told(_ decision: Decision) throws -> [String: String] {
        let accepted = try #require(decision.accepted)
        let headers = accepted.headersToSet.filter { $0.name != "x-gatehouse-assertion" }
        return Dictionary(uniqueKeysWithValues: headers.map { ($0.name, $0.value) })
    }

    @Test func eachRuleTellsItsOwn() async throws {
        let (harness, browser) = try await signedIn()
        for _ in 0..<2 {
            #expect(
                try told(await harness.decide("/wiki/x", browser)) == [
                    "kubeflow-userid": "admin@example.com", "x-wiki-user": "wiki:user-1",
                ])
            #expect(
                try told(await harness.decide("/page", browser)) == [
                    "kubeflow-userid": "admin@example.com", "kubeflow-groups": "admins,team-a",
                ])
        }
    }

    @Test(arguments: ["X-Wiki-User", "x_wiki_user", "X.WIKI.USER", "Kubeflow-Groups", "kubeflow_groups"])
    func noClientSendsOneUnderAnyRule(name: String) async throws {
        let (harness, browser) = try await signedIn()
        var forging = browser
        forging.headers.append((name: name, value: "forged"))
        for target in ["/wiki/x", "/page", "/open/x", "/dex/auth"] {
            let accepted = try #require(await harness.decide(target, forging).accepted)
            #expect((accepted.headersToSet.map(\.name) + accepted.headersToRemove).contains(name.lowercased()), "\(target)")
        }
    }

    @Test(arguments: ["/wiki/x", "/page", "/open/x", "/dex/auth"])
    func eachIsSetOrRemovedOnEveryAccept(target: String) async throws {
        let (harness, browser) = try await signedIn()
        let accepted = try #require(await harness.decide(target, browser).accepted)
        let ours = Set(accepted.headersToSet.map(\.name) + accepted.headersToRemove)
        #expect(ours.isSuperset(of: ["kubeflow-userid", "kubeflow-groups", "x-wiki-user", "x-gatehouse-assertion"]))
    }
}
