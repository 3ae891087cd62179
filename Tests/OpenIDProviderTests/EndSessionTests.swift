import JOSE
import Testing
import Web

struct EndSessionTests {
    private static let target = "https://app.example.com/bye?x=1"

    @Test(arguments: ["GET", "POST"])
    func endsWhatTheSessionGave(method: String) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let fields = ["id_token_hint": tokens.id, "post_logout_redirect_uri": Self.target, "state": "a b"]
        let response = method == "GET" ? await provider.get("/logout", fields) : await provider.post("/logout", fields)
        #expect(response.status == 303)
        #expect(response.headers.first("location") == Self.target + "&state=a%20b")
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
    }

    @Test func withoutATargetAPageSaysSo() async throws {
        let provider = try TestProvider()
        let response = await provider.get("/logout", ["id_token_hint": try await provider.tokens().id])
        #expect(response.status == 200)
        #expect(response.text.contains("You are signed out"))
    }

    @Test func anExpiredIDTokenIsAHint() async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        provider.clock.move(by: 86400)
        _ = await provider.get("/logout", ["id_token_hint": tokens.id])
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test func theOtherSessionsOfTheUserGoOn() async throws {
        let provider = try TestProvider()
        let (one, other) = (try await provider.tokens(), try await provider.tokens())
        _ = await provider.get("/logout", ["id_token_hint": one.id])
        #expect(await provider.refresh(other.refresh ?? "").status == 200)
    }

    @Test(arguments: [
        ["post_logout_redirect_uri": "https://evil.example/"], ["post_logout_redirect_uri": "https://app.example.com/bye"],
        ["post_logout_redirect_uri": "https://other.example.com/bye"], ["client_id": "other"],
    ])
    func whatDoesNotFitTheClientEndsNothing(fields: [String: String]) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let response = await provider.get("/logout", fields.merging(["id_token_hint": tokens.id]) { $1 })
        #expect(response.status == 400)
        #expect(response.headers.first("location") == nil)
        #expect(await provider.refresh(tokens.refresh ?? "").status == 200)
    }

    @Test(arguments: [[:], ["post_logout_redirect_uri": target], ["client_id": "app", "post_logout_redirect_uri": target]])
    func withoutAHintNothingEnds(fields: [String: String]) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let response = await provider.get("/logout", fields)
        #expect(response.status == 200)
        #expect(response.headers.first("location") == nil)
        #expect(await provider.refresh(tokens.refresh ?? "").status == 200)
    }

    @Test(arguments: ["alg none", "another key", "access token", "garbage"])
    func aHintThatIsNotOursEndsNothing(kind: String) async throws {
        let provider = try TestProvider()
        let tokens = try await provider.tokens()
        let claims = try JSONWebSignature(compact: tokens.id).claims
        let hint =
            switch kind {
            case "alg none":
                Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8)) + "."
                    + Base64URL.encode(JSONValue.object(claims).jsonBytes) + "."
            case "another key": try JSONWebSignature.sign(claims, type: "JWT", with: .generate(.es256))
            case "access token": tokens.access
            default: "x"
            }
        #expect(await provider.get("/logout", ["id_token_hint": hint]).status == 400)
        #expect(await provider.refresh(tokens.refresh ?? "").status == 200)
    }

    @Test func aRepeatedParameterIsRefused() async throws {
        #expect(try await TestProvider().send("GET", "/logout?state=1&state=2").status == 400)
    }
}
