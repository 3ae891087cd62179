import Accounts
import AuthService
import JOSE
import Testing
import Web

struct IdentityHeadersTests {
    private let headers: IdentityHeaders

    init() throws { headers = try Self.headers() }

    private static func headers(
        form: HeaderValueForm = .percent, credentials: CredentialHeaders = .none
    ) throws -> IdentityHeaders {
        IdentityHeaders(
            mappings: [
                .init(header: "Kubeflow-Userid", template: try #require(HeaderTemplate("email"))),
                .init(header: "kubeflow-groups", template: try #require(HeaderTemplate("groups"))),
            ],
            strip: ["X-Forwarded-User", "x-auth-request-*"], assertionHeader: "x-gatehouse-assertion", form: form,
            credentials: credentials)
    }

    private func session(_ claims: [(String, JSONValue)], accessToken: String? = nil) -> Session {
        let moment = UnixTime(seconds: 0)
        return Session(
            key: SessionKey(digest: [1]),
            identity: Identity(
                issuer: "https://issuer", subject: "1", claims: JSONObject(claims.map { (name: $0.0, value: $0.1) })),
            scope: "app", providerID: "corp", providerSessionID: nil, authTime: moment, createdAt: moment, lastUsedAt: moment,
            expiresAt: moment, idToken: Secret(utf8: "id.to.ken"), refreshToken: nil,
            accessToken: accessToken.map { Secret(utf8: $0) })
    }

    @Test func setsWhatIsKnownAndRemovesTheRest() {
        let result = headers.headers(for: session([("email", "a@b")]), assertion: nil)
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

    @Test(
        arguments: [
            ([("x-team", "team")], ["kubeflow-userid": "a@b", "x-team": "blue"]),
            ([("Kubeflow-Userid", "sub")], ["kubeflow-userid": "1"]),
            ([("kubeflow-userid", nil)], [:]),
            ([("kubeflow-userid", nil), ("x-user", "wiki:{email}")], ["x-user": "wiki:a@b"]),
            ([("x-missing", "nickname")], ["kubeflow-userid": "a@b"]),
        ] as [([(String, String?)], [String: String])])
    func aRuleChangesThem(changes: [(String, String?)], told: [String: String]) throws {
        let changes = try changes.map { name, text in
            RuleHeader(header: name, template: try text.map { try #require(HeaderTemplate($0)) })
        }
        let result = headers.headers(
            for: session([("email", "a@b"), ("team", "blue")]), assertion: nil, changes: changes)
        #expect(Dictionary(uniqueKeysWithValues: result.set.map { ($0.name, $0.value) }) == told)
        #expect(result.remove.contains("kubeflow-userid") == (told["kubeflow-userid"] == nil))
    }

    @Test func theApplicationsOwnTokenStandsInPlaceOfTheSessions() throws {
        let credentials = CredentialHeaders(authorization: .accessToken, accessTokenHeader: "x-token")
        let result = try Self.headers(credentials: credentials).headers(
            for: session([], accessToken: "at-1"), assertion: nil,
            token: Accepted.Header(name: "authorization", value: "Bearer own"))
        #expect(
            result.set == [
                Accepted.Header(name: "x-token", value: "at-1"), Accepted.Header(name: "authorization", value: "Bearer own"),
            ])
    }

    @Test func neverSetsAndRemovesOneName() {
        let assertion = Accepted.Header(name: "x-gatehouse-assertion", value: "token")
        let result = headers.headers(for: session([("email", "a@b")]), assertion: assertion)
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
        let result = headers.headers(for: session([("email", .string(claim))]), assertion: nil)
        #expect(result.set.map(\.value) == [value])
    }

    @Test func aCommaInAGroupDoesNotMakeTwo() {
        let result = headers.headers(for: session([("groups", ["x,admins", "team"])]), assertion: nil)
        #expect(result.set.map(\.value) == ["x%2Cadmins,team"])
    }

    @Test func base64IsOfTheWholeText() throws {
        let result = try Self.headers(form: .base64).headers(for: session([("email", "Zoë")]), assertion: nil)
        #expect(result.set == [Accepted.Header(name: "kubeflow-userid", value: "Wm/Dqw==")])
    }

    @Test func tokensGoOnWhereTheyAreAskedFor() throws {
        let credentials = CredentialHeaders(authorization: .idToken, accessTokenHeader: "X-Auth-Request-Access-Token")
        let result = try Self.headers(credentials: credentials).headers(for: session([], accessToken: "at-1"), assertion: nil)
        #expect(
            result.set == [
                Accepted.Header(name: "authorization", value: "Bearer id.to.ken"),
                Accepted.Header(name: "x-auth-request-access-token", value: "at-1"),
            ])
    }

    /// A provider's token is anybody's text until it stands in a header.
    @Test(arguments: ["a\r\nx: y", "a b", "", "é"])
    func aTokenThatNoHeaderCanHoldIsNotSent(token: String) throws {
        let credentials = CredentialHeaders(authorization: .accessToken)
        let result = try Self.headers(credentials: credentials).headers(for: session([], accessToken: token), assertion: nil)
        #expect(result.set.isEmpty)
        #expect(result.remove.contains("authorization"))
    }

    @Test(
        arguments: [
            ("a@b", "Basic YUBiOnNlY3JldA=="), ("a:b", nil), ("a\nb", nil),
        ] as [(String, String?)])
    func basicNamesThePerson(email: String, value: String?) throws {
        let credentials = CredentialHeaders(
            authorization: .basic(user: try #require(HeaderTemplate("email")), password: Secret(utf8: "secret")))
        let result = try Self.headers(credentials: credentials).headers(for: session([("email", .string(email))]), assertion: nil)
        #expect(result.set.first { $0.name == "authorization" }?.value == value)
    }

    @Test func aClientsOwnAuthorizationNeverGoesOnWhereItIsOurs() throws {
        let headers = try Self.headers(credentials: CredentialHeaders(authorization: .idToken))
        #expect(headers.headers(for: nil, assertion: nil).remove.contains("authorization"))
    }

    @Test(arguments: ["", nil] as [String?])
    func anEmptyClaimIsRemoved(email: String?) {
        let claims: [(String, JSONValue)] = email.map { [("email", .string($0))] } ?? []
        let result = headers.headers(for: session(claims), assertion: nil)
        #expect(result.remove.contains("kubeflow-userid"))
    }
}
