import Accounts
import AuthService
import JOSE
import Testing
import Web

struct IdentityHeadersTests {
    private let headers = IdentityHeaders(
        mappings: [.init(header: "Kubeflow-Userid", claim: "email"), .init(header: "kubeflow-groups", claim: "groups")],
        strip: ["X-Forwarded-User", "x-auth-request-*"], assertionHeader: "x-gatehouse-assertion")

    private func identity(_ claims: [(String, JSONValue)]) -> Identity {
        Identity(issuer: "https://issuer", subject: "1", claims: JSONObject(claims.map { (name: $0.0, value: $0.1) }))
    }

    @Test func setsWhatIsKnownAndRemovesTheRest() {
        let result = headers.headers(for: identity([("email", "a@b")]), assertion: nil)
        #expect(result.set == [Accepted.Header(name: "kubeflow-userid", value: "a@b")])
        #expect(result.remove == ["kubeflow-groups", "x-gatehouse-assertion", "x-forwarded-user"])
    }

    @Test func removesEverythingWhereThereIsNobody() {
        let result = headers.headers(for: nil, assertion: nil)
        #expect(result.set.isEmpty)
        #expect(result.remove == ["kubeflow-userid", "kubeflow-groups", "x-gatehouse-assertion", "x-forwarded-user"])
    }

    @Test(arguments: [
        "kubeflow_userid", "Kubeflow_Userid", "KUBEFLOW-USERID", "kubeflow.userid", "x_auth_request_anything", "X-Auth-Request-",
        "x_forwarded_user", "x-gatehouse_assertion",
    ])
    func removesEverySpellingOfTheClients(name: String) {
        #expect(headers.sent(in: Self.message([name: "forged"])) == [name.lowercased()])
    }

    @Test(arguments: ["kubeflow", "x-auth-requestx", "x-forwarded-users", "user"])
    func leavesOthersAlone(name: String) {
        #expect(headers.sent(in: Self.message([name: "mine"])).isEmpty)
    }

    private static func message(_ headers: HeaderList) -> RequestMessage {
        RequestMessage(WebRequest(method: "GET", scheme: "https", authority: "a", target: "/", headers: headers))
    }

    @Test func neverSetsAndRemovesOneName() {
        let assertion = Accepted.Header(name: "x-gatehouse-assertion", value: "token")
        let result = headers.headers(for: identity([("email", "a@b")]), assertion: assertion)
        var accepted = Accepted(headersToSet: result.set, headersToRemove: result.remove)
        accepted.sentByClient = headers.sent(in: Self.message(["kubeflow-userid": "forged", "kubeflow_userid": "forged"]))
        #expect(Set(accepted.headersToSet.map(\.name)).isDisjoint(with: accepted.headersToRemove))
        #expect(accepted.headersToRemove.contains("kubeflow_userid"))
    }

    @Test(arguments: [
        ("a\r\nx-admin: 1", "a%0D%0Ax-admin: 1"), ("admin ", "admin%20"), (" admin", "%20admin"), ("a b", "a b"),
        ("Zoë", "Zoë"), ("a\u{7F}", "a%7F"),
    ])
    func makesValuesSafe(claim: String, value: String) {
        let result = headers.headers(for: identity([("email", .string(claim))]), assertion: nil)
        #expect(result.set.map(\.value) == [value])
    }

    @Test func aCommaInAGroupDoesNotMakeTwo() {
        let groups = identity([("groups", ["x,admins", "team"])])
        #expect(groups.text(of: "groups") == "x%2Cadmins,team")
    }

    @Test(arguments: ["", nil] as [String?])
    func anEmptyClaimIsRemoved(email: String?) {
        let claims: [(String, JSONValue)] = email.map { [("email", .string($0))] } ?? []
        let result = headers.headers(for: identity(claims), assertion: nil)
        #expect(result.remove.contains("kubeflow-userid"))
    }
}
