import Accounts
import AuthService
import JOSE
import RelyingParty
import Testing

extension Identity {
    fileprivate static let somebody = Identity(issuer: "i", subject: "sub-1", claims: JSONObject())
}

struct RequestTemplateTests {
    /// What is asked under a template for the namespace; `nil`: nothing.
    private func namespace(_ pieces: [RequestTemplate.Piece], _ values: RequestValues) -> String? {
        let template = AccessTemplate.resource(
            .init(
                verb: RequestTemplate([.text("get")]), resource: RequestTemplate([.text("pods")]),
                namespace: RequestTemplate(pieces)))
        let permission = Permission.members(Membership(kubernetes: template))
        guard case .open(.resource(let resource)) = permission.verdict(on: .somebody, values, known: { _ in nil }) else {
            return nil
        }
        return resource.namespace
    }

    @Test(
        arguments: [
            ([.segment(1)], "ns"), ([.segment(2)], "team-a"), ([.segment(3)], "x.y"), ([.segment(4)], nil), ([.segment(9)], nil),
            ([.tenant], "acme"), ([.text("t-"), .tenant], "t-acme"), ([.text("t-"), .segment(9)], nil), ([.method], "post"),
            ([.verb], "create"), ([.path], "/ns/team-a/x.y/"), ([], nil),
        ] as [([RequestTemplate.Piece], String?)])
    func places(pieces: [RequestTemplate.Piece], expected: String?) {
        let values = RequestValues(tenant: "acme", path: "/ns/team-a/x.y/", method: "POST")
        #expect(namespace(pieces, values) == expected)
    }

    @Test(arguments: ["/a%20b", "/a:b", "/a,b", "/{tenant}", "/*", "/%C3%A9", "/" + String(repeating: "a", count: 129), "/", ""])
    func segmentsThatAreNoNames(path: String) {
        #expect(namespace([.segment(1)], RequestValues(tenant: nil, path: path, method: "GET")) == nil)
    }

    @Test(arguments: [
        ("GET", "get"), ("HEAD", "get"), ("POST", "create"), ("PUT", "update"), ("PATCH", "patch"), ("DELETE", "delete"),
        ("OPTIONS", nil), ("get", nil), ("", nil),
    ])
    func verbs(method: String, verb: String?) {
        #expect(namespace([.verb], RequestValues(tenant: nil, path: "/", method: method)) == verb)
    }

    @Test func withoutTenantNothingIsAsked() {
        #expect(namespace([.tenant], RequestValues(tenant: nil, path: "/", method: "GET")) == nil)
    }

    @Test func pathsAreAskedAsTheyAre() {
        let template = AccessTemplate.path(RequestTemplate([.path]), verb: RequestTemplate([.verb]))
        let verdict = Permission.members(Membership(kubernetes: template)).verdict(
            on: .somebody, RequestValues(tenant: nil, path: "/metrics", method: "GET"), known: { _ in nil })
        #expect(verdict == .open(.path("/metrics", verb: "get")))
    }
}

struct AccessVerdictTests {
    private static let question = AccessAttributes.path("/a", verb: "get")
    private static let asks = Membership(kubernetes: .path(RequestTemplate([.text("/a")]), verb: RequestTemplate([.text("get")])))
    private static let yes = Membership(users: [.exact("sub-1")])
    private static let no = Membership(users: [.exact("other")])

    @Test(
        arguments: [
            (Membership(any: [asks, yes]), nil, .permitted), (Membership(any: [asks, no]), nil, .open(question)),
            (Membership(all: [asks, yes]), nil, .open(question)), (Membership(all: [asks, no]), nil, .refused),
            (Membership(all: [asks, yes]), true, .permitted), (Membership(all: [asks, yes]), false, .refused),
            (Membership(any: [asks, no]), false, .refused), (Membership(all: [asks, Membership(any: [asks])]), true, .permitted),
        ] as [(Membership, Bool?, AccessVerdict)])
    func verdicts(membership: Membership, answer: Bool?, verdict: AccessVerdict) {
        let values = RequestValues(tenant: nil, path: "/", method: "GET")
        #expect(Permission.members(membership).verdict(on: .somebody, values) { _ in answer } == verdict)
    }
}
