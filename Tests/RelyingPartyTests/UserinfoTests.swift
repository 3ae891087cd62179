import Accounts
import JOSE
import RelyingParty
import Testing
import Web

struct UserinfoTests {
    private let setup: SignInSetup

    init() throws { setup = try SignInSetup() }

    private func signIn(userinfo: WebResponse) async -> SignInOutcome {
        setup.provider.change { $0.userinfoReply = userinfo }
        return await setup.relyingParty { $0.usesUserinfo = true }.signIn()
    }

    @Test func isAskedOnlyWhereWanted() async {
        _ = await setup.relyingParty().signIn()
        #expect(setup.provider.count("/userinfo") == 0)
    }

    @Test func isAskedWithTheAccessToken() async throws {
        _ = await signIn(userinfo: TestProvider.json(["sub": "user-1"]))
        let request = try #require(setup.provider.requests.last)
        #expect(request.path.hasSuffix("/userinfo") && request.headers.all("authorization") == ["Bearer access-1"])
    }

    @Test func addsClaimsAndReplacesNone() async throws {
        let claims: JSONValue = [
            "sub": "user-1", "iss": "https://evil.example", "aud": "other", "exp": 0, "email": "evil@example.com",
            "name": "Admin", "nonce": "n",
        ]
        let identity = try #require(await signIn(userinfo: TestProvider.json(claims)).signedIn?.identity)
        #expect(identity.issuer == setup.provider.issuer && identity.subject == "user-1")
        #expect(identity.email == "admin@example.com" && identity.name == "Admin")
        #expect(identity.claims.members.map(\.name) == ["email", "groups", "name"])
    }

    static let refusals: [(WebResponse, UserinfoRefusal)] = [
        (TestProvider.json(["sub": "user-2"]), .subject),
        (TestProvider.json(["name": "Admin"]), .subject),
        (TestProvider.json(["sub": 1]), .subject),
        (WebResponse(status: 401), .accessToken),
        (WebResponse(status: 200, headers: ["content-type": "application/jwt"], body: Array("a.b.c".utf8)), .mediaType),
        (WebResponse(status: 200, body: Array(#"{"sub":"user-1"}"#.utf8)), .mediaType),
    ]

    @Test(arguments: refusals.indices)
    func isRefused(_ index: Int) async {
        let (reply, refusal) = Self.refusals[index]
        #expect(await signIn(userinfo: reply).refusal == .userinfo(refusal))
    }

    @Test func accessTokenThatIsNoHeaderValueIsNotSent() async {
        let key = setup.provider.key
        let claims = setup.provider.claims(issuer: setup.provider.issuer)
        let token = try? JSONWebSignature.sign(claims, type: "JWT", with: key)
        setup.provider.change {
            $0.tokenReply = TestProvider.json([
                "access_token": "a\r\nx-forged: 1", "token_type": "Bearer", "id_token": .string(token ?? ""),
            ])
        }
        let outcome = await setup.relyingParty { $0.usesUserinfo = true }.signIn()
        #expect(outcome.refusal == .userinfo(.accessToken) && setup.provider.count("/userinfo") == 0)
    }

    @Test func thatIsAwayIsAFailure() async {
        #expect(await signIn(userinfo: WebResponse(status: 502)).failure?.kind == .status(502))
    }
}
