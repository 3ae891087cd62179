import JOSE
import OpenIDConnect
import Testing
import Web

/// Cases of `/auth`: a good request with one thing changed.
struct AuthorizeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var change: [String: String?]
        var error: String
        var testDescription: String { "\(change.keys.sorted()): \(error)" }
    }

    private static func changed(_ change: [String: String?]) -> [String: String] {
        var parameters = TestProvider.parameters
        for (name, value) in change { parameters[name] = value }
        return parameters
    }

    @Test(
        arguments: [
            ["client_id": "nobody"], ["client_id": nil], ["client_id": "APP"], ["redirect_uri": nil],
            ["redirect_uri": "https://app.example.com/callback/more"], ["redirect_uri": "https://app.example.com/callback?x=1"],
            ["redirect_uri": "https://app.example.com:444/callback"], ["redirect_uri": "https://app.example.com:443/callback"],
            ["redirect_uri": "https://app.example.com/callback#x"], ["redirect_uri": "http://app.example.com/callback"],
            ["redirect_uri": "https://*.example.com/callback"], ["redirect_uri": "https://app.example.com/Callback"],
            ["redirect_uri": "https://APP.example.com/callback"], ["redirect_uri": "https://other.example.com/cb"],
            ["redirect_uri": "https://app.example.com/./callback"], ["redirect_uri": "https://app.example.com/call%62ack"],
            ["redirect_uri": "https://app.example.com\\@evil.example/callback"],
        ] as [[String: String?]])
    func refusedOnAPage(change: [String: String?]) async throws {
        let response = try await TestProvider().get("/auth", Self.changed(change))
        #expect(response.status == 400)
        #expect(response.headers.first("location") == nil)
        #expect(response.text.contains("<h1>"))
    }

    @Test(arguments: [
        "client_id=app&client_id=app&redirect_uri=https%3A%2F%2Fapp.example.com%2Fcallback", "client_id=%zz", "client_id=%ff", "",
    ])
    func unreadableOrRepeatedIsRefusedOnAPage(query: String) async throws {
        let response = try await TestProvider().send("GET", "/auth?" + query)
        #expect(response.status == 400)
        #expect(response.headers.first("location") == nil)
    }

    static let told: [Case] = [
        Case(change: ["response_type": nil], error: "invalid_request"),
        Case(change: ["response_type": "token"], error: "unsupported_response_type"),
        Case(change: ["response_type": "code id_token"], error: "unsupported_response_type"),
        Case(change: ["response_type": "none"], error: "unsupported_response_type"),
        Case(change: ["response_mode": "web_message"], error: "invalid_request"),
        Case(change: ["request": "e30.e30."], error: "request_not_supported"),
        Case(change: ["request_uri": "https://x.example"], error: "request_uri_not_supported"),
        Case(change: ["registration": "{}"], error: "registration_not_supported"),
        Case(change: ["scope": nil], error: "invalid_scope"),
        Case(change: ["scope": "email"], error: "invalid_scope"),
        Case(change: ["scope": "openid \"x\""], error: "invalid_scope"),
        Case(change: ["scope": "openid " + String(repeating: "x", count: 10_240)], error: "invalid_scope"),
        Case(change: ["code_challenge_method": "plain"], error: "invalid_request"),
        Case(change: ["code_challenge_method": nil], error: "invalid_request"),
        Case(change: ["code_challenge": nil], error: "invalid_request"),
        Case(change: ["code_challenge": "short"], error: "invalid_request"),
        Case(change: ["code_challenge": TestProvider.verifier], error: "invalid_request"),
        Case(change: ["nonce": String(repeating: "n", count: 1025)], error: "invalid_request"),
        Case(change: ["max_age": "-1"], error: "invalid_request"),
        Case(change: ["prompt": "none"], error: "login_required"),
        Case(change: ["prompt": "none login"], error: "invalid_request"),
    ]

    @Test(arguments: told)
    func toldToTheClient(told: Case) async throws {
        let response = try await TestProvider().get("/auth", Self.changed(told.change))
        #expect(response.headers.first("location")?.hasPrefix(TestProvider.callback + "?") == true)
        let fields = try TestProvider.redirectFields(response)
        #expect(fields["error"] == told.error)
        #expect(fields["state"] == "st&te")
        #expect(fields["iss"] == TestProvider.issuer)
        #expect(fields["code"] == nil)
    }

    @Test func aLongStateIsNotEchoed() async throws {
        let response = try await TestProvider().get("/auth", Self.changed(["state": String(repeating: "s", count: 4097)]))
        let fields = try TestProvider.redirectFields(response)
        #expect(fields["error"] == "invalid_request")
        #expect(fields["state"] == nil)
    }

    @Test(
        arguments: [
            ["code_challenge": nil, "code_challenge_method": nil], ["response_mode": "query"], ["prompt": "login"],
            ["prompt": "consent"], ["max_age": "0"], ["state": nil], ["nonce": nil], ["scope": "openid unheard-of"],
            ["login_hint": "jane@example.com"],
        ] as [[String: String?]])
    func leadsToTheSignInPage(change: [String: String?]) async throws {
        let response = try await TestProvider().get("/auth", Self.changed(change))
        #expect(response.status == 303)
        #expect(response.headers.first("location")?.hasPrefix("/dex/auth/local/login?request=") == true)
    }

    @Test func aPostIsTaken() async throws {
        let response = try await TestProvider().post("/auth", TestProvider.parameters)
        #expect(response.headers.first("location")?.hasPrefix("/dex/auth/local/login?request=") == true)
    }

    @Test func aConnectorInThePathIsTaken() async throws {
        let provider = try TestProvider()
        let response = await provider.get("/auth/local", TestProvider.parameters)
        #expect(response.headers.first("location")?.hasPrefix("/dex/auth/local/login?request=") == true)
        #expect(await provider.get("/auth/nothing", TestProvider.parameters).status == 404)
    }

    @Test(arguments: [
        ("http://127.0.0.1/cb", true), ("http://127.0.0.1:51234/cb", true), ("http://[::1]:9/cb", true),
        ("com.example.app:/cb", true), ("http://127.0.0.1:51234/cb2", false), ("http://127.0.0.1:99999/cb", false),
        ("http://127.0.0.1:/cb", false), ("http://127.0.0.1:1@evil.example/cb", false), ("http://localhost:1/cb", false),
        ("http://127.0.0.1.evil.example/cb", false), ("https://127.0.0.1/cb", false), ("http://127.0.0.2/cb", false),
    ])
    func loopbackAddressesOfNativeApplications(uri: String, isTaken: Bool) async throws {
        let response = try await TestProvider().get("/auth", Self.changed(["client_id": "native", "redirect_uri": uri]))
        #expect(response.status == (isTaken ? 303 : 400))
    }

    @Test func confidentialClientsGetNoOtherPort() async throws {
        let change = ["client_id": "other", "redirect_uri": "http://127.0.0.1:51234/cb"]
        #expect(try await TestProvider().get("/auth", Self.changed(change)).status == 400)
    }

    @Test func publicClientsNeedPKCE() async throws {
        let response = try await TestProvider().get(
            "/auth",
            Self.changed([
                "client_id": "native", "redirect_uri": "http://127.0.0.1:5/cb", "code_challenge": nil,
                "code_challenge_method": nil,
            ]))
        #expect(try TestProvider.redirectFields(response)["error"] == "invalid_request")
        #expect(response.headers.first("location")?.hasPrefix("http://127.0.0.1:5/cb?") == true)
    }

    @Test(arguments: [("challenged", "invalid_request"), ("hashed", nil)] as [(String, String?)])
    func confidentialClientsNeedPKCEWhereTheirRegistrationSaysSo(client: String, error: String?) async throws {
        let provider = try TestProvider()
        var parameters = ["client_id": client, "redirect_uri": TestProvider.callback] as [String: String?]
        let with = await provider.get("/auth", Self.changed(parameters))
        parameters["code_challenge"] = .some(nil)
        parameters["code_challenge_method"] = .some(nil)
        let without = await provider.get("/auth", Self.changed(parameters))
        #expect(with.headers.first("location")?.contains("error=") == false)
        #expect(without.headers.first("location")?.contains("error=invalid_request") == (error != nil))
    }
}
