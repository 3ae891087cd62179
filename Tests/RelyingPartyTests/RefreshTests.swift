import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

struct RefreshTests {
    private let setup: SignInSetup
    private let identity: Identity

    init() throws {
        setup = try SignInSetup()
        identity = Identity(
            issuer: setup.provider.issuer, subject: "user-1",
            claims: JSONObject([("email", "admin@example.com"), ("groups", ["old"])]))
    }

    private func refresh(nonce: String? = nil, usesUserinfo: Bool = false) async -> RefreshOutcome {
        await setup.relyingParty { $0.usesUserinfo = usesUserinfo }
            .refresh(Secret(utf8: "refresh-0"), identity: identity, nonce: nonce)
    }

    private func refreshed(_ outcome: RefreshOutcome) -> Refreshed? {
        if case .refreshed(let refreshed) = outcome { refreshed } else { nil }
    }

    private func refusal(_ outcome: RefreshOutcome) -> SignInRefusal? {
        if case .refused(let refusal, _) = outcome { refusal } else { nil }
    }

    private func sends(_ changes: [String: JSONValue?]) {
        let key = setup.provider.key
        setup.provider.change {
            $0.idToken = { claims in
                var claims = claims
                for (name, value) in changes { claims[name] = value }
                return try JSONWebSignature.sign(claims, type: "JWT", with: key)
            }
        }
    }

    @Test func sendsTheRefreshToken() async throws {
        _ = await refresh()
        let request = try #require(setup.provider.requests.first { $0.path.hasSuffix("/token") })
        let fields = try #require(FormFields(body: request.body))
        #expect(fields.fields.map { "\($0.name)=\($0.value)" } == ["grant_type=refresh_token", "refresh_token=refresh-0"])
    }

    @Test func newIDTokenBringsNewClaims() async throws {
        let refreshed = try #require(refreshed(await refresh()))
        #expect(refreshed.identity.groups == ["admins"] && refreshed.tokens.refreshToken?.text == "refresh-1")
    }

    @Test func withoutIDTokenTheIdentityStays() async throws {
        setup.provider.change { $0.idToken = { _ in nil } }
        let refreshed = try #require(refreshed(await refresh()))
        #expect(refreshed.idToken == nil && refreshed.identity == identity)
    }

    @Test func withoutIDTokenUserinfoBringsNewClaims() async throws {
        setup.provider.change {
            $0.idToken = { _ in nil }
            $0.userinfoReply = TestProvider.json(["sub": "user-1", "groups": ["new"]])
        }
        let refreshed = try #require(refreshed(await refresh(usesUserinfo: true)))
        #expect(refreshed.identity.groups == ["new"] && refreshed.identity.email == "admin@example.com")
    }

    @Test(
        arguments: [
            (["nonce": nil], "nonce-1", nil), ([:], "nonce-1", nil),
            ([:], "nonce-2", "nonce"), ([:], nil, nil), (["sub": "user-2"], nil, "sub"),
            (["aud": "other"], nil, "aud"), (["exp": 0], nil, "exp"),
        ] as [([String: JSONValue?], String?, String?)])
    func idTokenIsValidated(changes: [String: JSONValue?], nonce: String?, check: String?) async {
        sends(changes)
        guard case .idToken(let refused)? = refusal(await refresh(nonce: nonce)) else {
            #expect(check == nil)
            return
        }
        #expect(refused.check == check)
    }

    @Test(arguments: [("invalid_grant", true), ("invalid_client", false), ("invalid_scope", false)])
    func refusalTellsWhetherTheTokenIsUsedUp(code: String, ends: Bool) async {
        setup.provider.change { $0.tokenReply = TestProvider.json(["error": .string(code)], status: 400) }
        guard case .provider(let refused)? = refusal(await refresh()) else {
            Issue.record("not refused by the provider")
            return
        }
        #expect(refused.code == code && refused.endsGrant == ends)
    }

    @Test(arguments: ["/userinfo", "/keys"]) func theNewRefreshTokenOutlivesWhatFailsAfterIt(path: String) async {
        setup.provider.change { $0.pathsDown = [path] }
        guard case .failed(_, let rotated) = await refresh(usesUserinfo: true) else {
            Issue.record("not a failure")
            return
        }
        #expect(rotated?.text == "refresh-1")
    }

    @Test func theNewRefreshTokenOutlivesUserinfoThatIsRefused() async {
        setup.provider.change { $0.userinfoReply = TestProvider.json(["sub": "user-2"]) }
        guard case .refused(.userinfo(.subject), let rotated) = await refresh(usesUserinfo: true) else {
            Issue.record("not refused by what userinfo says")
            return
        }
        #expect(rotated?.text == "refresh-1")
    }

    @Test func providerThatIsAwayIsAFailure() async {
        setup.provider.change { $0.pathsDown = ["/token"] }
        guard case .failed(let failure, nil) = await refresh() else {
            Issue.record("not a failure")
            return
        }
        #expect(failure.isRetryable)
    }
}
