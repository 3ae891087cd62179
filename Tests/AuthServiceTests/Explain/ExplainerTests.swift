import Accounts
import AuthService
import JOSE
import RelyingParty
import Testing
import Web

struct ExplainerTests {
    private func explainer() throws -> Explainer {
        Explainer(
            ownPath: "/_gatehouse", providerPath: nil,
            rules: RuleSet([
                Rule(paths: [.below(prefix: Array("/public/".utf8))], permission: .anyone),
                Rule(paths: [.below(prefix: Array("/admin/".utf8))], permission: .members(users: [], groups: ["admins"])),
                Rule(paths: [.below(prefix: Array("/api/".utf8))], permission: .signedIn, onAnonymous: .unauthorized),
                Rule(paths: [.below(prefix: Array("/closed/".utf8))], permission: .nobody),
            ]),
            identityHeaders: IdentityHeaders(
                mappings: [.init(header: "x-user", template: try #require(HeaderTemplate("email")))], strip: ["x-old"],
                assertionHeader: "x-assertion"))
    }

    private func explain(_ target: String, groups: [String]? = nil) throws -> Explanation {
        let identity = groups.map {
            Identity(issuer: "i", subject: "s", claims: JSONObject([("email", "a@b.c"), ("groups", .strings($0))]))
        }
        return try explainer().explain(
            WebRequest(
                method: "GET", scheme: "https", authority: "App.example.com:443", target: target,
                headers: ["accept": "text/html", "X_User": "forged"]), identity: identity)
    }

    @Test(
        arguments: [
            ("/public/x", nil, .accept, nil, "rules[0]"), ("/public/../admin", [], .reject, 403, "rules[1]"),
            ("/admin", nil, .redirect, 302, "rules[1]"), ("/admin", ["admins"], .accept, nil, "rules[1]"),
            ("/api/x", nil, .reject, 401, "rules[2]"), ("/closed/x", ["admins"], .reject, 403, "rules[3]"),
            ("/other", nil, .redirect, 302, "default"), ("/other", [], .accept, nil, "default"),
            ("/_gatehouse/sign-in", nil, .respond, nil, "own endpoints"), ("/a%2fb", [], .reject, 400, nil),
            ("/closed;x/y", [], .reject, 400, nil),
        ] as [(String, [String]?, Explanation.Outcome, Int?, String?)])
    func saysWhatTheServiceWouldDo(
        target: String, groups: [String]?, outcome: Explanation.Outcome, status: Int?, rule: String?
    ) throws {
        let explanation = try explain(target, groups: groups)
        #expect(explanation.outcome == outcome)
        #expect(explanation.status == status)
        #expect(explanation.rule == rule)
        #expect(!explanation.reasons.isEmpty)
    }

    private func explainCluster(_ target: String, verified: Bool = true) throws -> Explanation {
        let template = AccessTemplate.resource(
            .init(
                verb: RequestTemplate([.verb]), group: RequestTemplate([.text("kubeflow.org")]),
                resource: RequestTemplate([.text("notebooks")]), namespace: RequestTemplate([.segment(2)])))
        let explainer = Explainer(
            ownPath: "/_gatehouse", providerPath: nil,
            rules: RuleSet([Rule(permission: .members(Membership(groups: ["admins"], kubernetes: template)))]),
            identityHeaders: IdentityHeaders(mappings: [], strip: [], assertionHeader: nil),
            accessSubjects: AccessSubjectMapping())
        let claims = JSONObject([("email", "a@b.c"), ("email_verified", .bool(verified)), ("groups", ["staff"])])
        return explainer.explain(
            WebRequest(method: "GET", scheme: "https", authority: "a", target: target, headers: [:]),
            identity: Identity(issuer: "i", subject: "s", claims: claims))
    }

    @Test func saysWhatAClusterWouldBeAsked() throws {
        let explanation = try explainCluster("/ns/team-a/x")
        #expect(explanation.outcome == .accept)
        #expect(
            explanation.reasons.last
                == "It lets a@b.c in where the Kubernetes API server allows a@b.c (groups staff, system:authenticated) to "
                + "get notebooks.kubeflow.org in namespace team-a.")
    }

    @Test func saysWhyAClusterWouldNotBeAsked() throws {
        let lacking = try explainCluster("/ns")
        #expect(lacking.status == 403 && lacking.reasons.last?.contains("lacks") == true)
        let nameless = try explainCluster("/ns/team-a/x", verified: false)
        #expect(nameless.status == 403 && nameless.reasons.last?.contains("no name") == true)
    }

    @Test func namesWhatOneRuleTells() throws {
        var rule = Rule(permission: .signedIn)
        rule.headers = [RuleHeader(header: "x-team", template: HeaderTemplate("team"))]
        rule.tokenDemand = TokenDemand(target: ExchangeTarget(audiences: ["orders"]), header: "x-orders")
        rule.requirement.scopes = ["extra"]
        let explainer = Explainer(
            ownPath: "/_gatehouse", providerPath: nil, rules: RuleSet([rule]),
            identityHeaders: IdentityHeaders(mappings: [], strip: [], assertionHeader: nil))
        let explanation = explainer.explain(
            WebRequest(method: "GET", scheme: "https", authority: "a", target: "/", headers: [:]),
            identity: Identity(issuer: "i", subject: "s", claims: JSONObject([("team", "blue")])))
        #expect(explanation.headersToSet == [Accepted.Header(name: "x-team", value: "blue")])
        #expect(explanation.headersToRemove.isEmpty)
        let reasons = explanation.reasons.joined(separator: " ")
        #expect(reasons.contains("audience=orders") && reasons.contains("x-orders") && reasons.contains("scopes extra"))
    }

    @Test func namesTheHeaders() throws {
        let explanation = try explain("/admin", groups: ["admins"])
        #expect(explanation.headersToSet == [Accepted.Header(name: "x-user", value: "a@b.c")])
        #expect(Set(explanation.headersToRemove) == ["x-assertion", "x-old", "x_user"])
        #expect(explanation.host == "app.example.com" && explanation.path == "/admin")
    }
}
