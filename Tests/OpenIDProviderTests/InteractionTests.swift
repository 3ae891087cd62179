import JOSE
import OpenIDConnect
import OpenIDProvider
import Testing
import Web

/// What an authorization request asks of the sign-in, and what the person has to do for it.
struct InteractionTests {
    enum Expected: Sendable { case code, login, choice, enrolment, error(String) }

    struct Case: Sendable, CustomTestStringConvertible {
        let parameters: [String: String]
        /// Seconds since the sign-in.
        var age: Int64 = 100
        let expected: Expected
        var testDescription: String { "\(parameters) after \(age) s" }
    }

    static let oneSignedIn: [Case] = [
        Case(parameters: [:], expected: .code),
        Case(parameters: ["prompt": "none"], expected: .code),
        Case(parameters: ["prompt": "login"], expected: .login),
        Case(parameters: ["prompt": "select_account"], expected: .choice),
        Case(parameters: ["prompt": "select_account login"], expected: .choice),
        Case(parameters: ["prompt": "unheard-of"], expected: .error("invalid_request")),
        Case(parameters: ["prompt": "none consent"], expected: .error("invalid_request")),
        Case(parameters: ["max_age": "100"], expected: .code),
        Case(parameters: ["max_age": "99"], expected: .login),
        Case(parameters: ["max_age": "0"], age: 0, expected: .login),
        Case(parameters: ["max_age": "99999999999999999999"], expected: .code),
        Case(parameters: ["max_age": "99", "prompt": "none"], expected: .error("login_required")),
        Case(parameters: ["login_hint": "JANE@example.com"], expected: .code),
        Case(parameters: ["login_hint": "jane"], expected: .code),
        Case(parameters: ["login_hint": "joe@example.com"], expected: .login),
        Case(parameters: ["login_hint": "joe@example.com", "prompt": "none"], expected: .error("login_required")),
        Case(parameters: ["acr_values": "pwd"], expected: .code),
        Case(parameters: ["acr_values": "phr"], expected: .code),
        Case(parameters: ["acr_values": "mfa"], expected: .enrolment),
        Case(parameters: ["acr_values": "mfa pwd"], expected: .code),
        Case(parameters: ["acr_values": "mfa", "prompt": "login"], expected: .login),
        Case(parameters: ["acr_values": "mfa", "prompt": "none"], expected: .error("login_required")),
        Case(parameters: ["acr_values": "mfa", "max_age": "99"], expected: .login),
        Case(parameters: ["claims": #"{"id_token":{"acr":{"essential":true,"values":["pwd"]}}}"#], expected: .code),
        Case(parameters: ["claims": #"{"id_token":{"acr":{"essential":true,"value":"phr"}}}"#], expected: .login),
        Case(parameters: ["claims": #"{"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#], expected: .enrolment),
        Case(
            parameters: ["claims": #"{"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#, "prompt": "none"],
            expected: .error("login_required")),
        Case(parameters: ["claims": #"{"id_token":{"auth_time":{"essential":true}}}"#], expected: .code),
        Case(parameters: ["claims": #"{"id_token":{"sub":{"value":"somebody"}}}"#], expected: .login),
        Case(parameters: ["claims": "[]"], expected: .error("invalid_request")),
        Case(parameters: ["claims": #"{"id_token":1}"#], expected: .error("invalid_request")),
        Case(parameters: ["id_token_hint": "x"], expected: .error("invalid_request")),
    ]

    @Test(arguments: oneSignedIn)
    func whoIsSignedIn(gets each: Case) async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        provider.clock.move(by: each.age)
        expect(await browser.authorize(each.parameters), each.expected)
    }

    private func expect(_ response: WebResponse, _ expected: Expected) {
        switch expected {
        case .code: #expect(response.code != nil)
        case .login: #expect(response.isLoginPage)
        case .enrolment: #expect(response.text.contains("Set up an authenticator app"))
        case .choice: #expect(response.text.contains("Choose an account"))
        case .error(let code): #expect(response.redirectedError == code)
        }
    }

    @Test(arguments: [["prompt": "login"], ["max_age": "0"], ["prompt": "login", "max_age": "0"]])
    func signingInOnceMoreIsEnough(parameters: [String: String]) async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let first = try await provider.idToken(try await browser.signIn())
        provider.clock.move(by: 60)
        let second = try await provider.idToken(try await browser.signIn(parameters))
        #expect(second["auth_time"]?.integer == provider.clock.now.seconds)
        #expect(second["sid"] == first["sid"])
    }

    @Test func theLoginPageSuggestsWhoSignsInAgain() async throws {
        let browser = SSOBrowser(try TestProvider())
        _ = try await browser.signIn()
        #expect(await browser.authorize(["prompt": "login"]).text.contains("value=\"jane@example.com\""))
    }

    @Test func anEssentialClassThatNobodyCanMeetIsTold() async throws {
        let browser = SSOBrowser(try TestProvider())
        let claims = #"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#
        #expect(try await browser.signIn(["claims": claims]).redirectedError == "unmet_authentication_requirements")
    }

    // The ID token hint.

    @Test func theHintOfWhoIsSignedInIsFulfilledAlsoWhenItHasExpired() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let hint = try Tokens(await provider.token(TestProvider.codeRequest(try await browser.signIn().code ?? ""))).id
        provider.clock.move(by: 7200)
        #expect(await browser.authorize(["prompt": "none", "id_token_hint": hint]).code != nil)
    }

    @Test func theHintOfAnotherAsksForThatOne() async throws {
        let provider = try TestProvider()
        let joes = try await SSOBrowser(provider).signIn(as: "joe@example.com").code ?? ""
        let hint = try Tokens(await provider.token(TestProvider.codeRequest(joes))).id
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let parameters = ["id_token_hint": hint]
        #expect(await browser.authorize(["prompt": "none", "id_token_hint": hint]).redirectedError == "login_required")
        let page = await browser.authorize(parameters)
        #expect(page.isLoginPage)
        // Whoever signs in then has to be that one.
        #expect(try await browser.signIn(page).redirectedError == "login_required")
        #expect(try await browser.signIn(parameters, as: "joe@example.com").code != nil)
    }

    @Test(arguments: ["another client's", "another key", "alg none", "access token"])
    func aHintThatIsNotOursForTheClientIsRefused(kind: String) async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(try await browser.signIn().code ?? "")))
        var parameters = ["prompt": "none"]
        let claims = try JSONWebSignature(compact: tokens.id).claims
        switch kind {
        case "another client's":
            parameters = ["client_id": "other", "redirect_uri": "https://other.example.com/cb", "id_token_hint": tokens.id]
        case "another key": parameters["id_token_hint"] = try JSONWebSignature.sign(claims, type: "JWT", with: .generate(.es256))
        case "alg none":
            parameters["id_token_hint"] =
                Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8)) + "."
                + Base64URL.encode(JSONValue.object(claims).jsonBytes) + "."
        default: parameters["id_token_hint"] = tokens.access
        }
        #expect(await browser.authorize(parameters).redirectedError == "invalid_request")
    }

    // Several accounts.

    private func browserWithTwo() async throws -> SSOBrowser {
        let browser = SSOBrowser(try TestProvider())
        _ = try await browser.signIn()
        let choice = await browser.authorize(["prompt": "select_account"])
        let page = try await browser.submit(choice, ["account": ""])
        #expect(page.isLoginPage)
        #expect(try await browser.signIn(page, as: "joe@example.com").code != nil)
        return browser
    }

    @Test func ofSeveralAccountsOneIsChosen() async throws {
        let browser = try await browserWithTwo()
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "account_selection_required")
        let choice = await browser.authorize()
        #expect(choice.text.contains("jane@example.com") && choice.text.contains("joe@example.com"))
        let jane = try #require(choice.text.firstMatch(of: /name="account" value="([^"]+)">(?:(?!name="account").)*jane@example/))
        let response = try await browser.submit(choice, ["account": String(jane.output.1)])
        #expect(try await browser.provider.idToken(response)["email"] == "jane@example.com")
    }

    @Test(arguments: ["jane@example.com", "joe@example.com"])
    func aHintChooses(login: String) async throws {
        let browser = try await browserWithTwo()
        let response = await browser.authorize(["login_hint": login, "prompt": "none"])
        #expect(try await browser.provider.idToken(response)["email"] == .string(login))
    }

    @Test func oneMoreThanFitsSignsOutTheOneLongestAway() async throws {
        let provider = try TestProvider(sessions: SSOSettings(accountsPerBrowser: 1))
        let browser = SSOBrowser(provider)
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(try await browser.signIn().code ?? "")))
        _ = try await browser.signIn(["prompt": "login"], as: "joe@example.com")
        #expect(try await provider.idToken(await browser.authorize())["email"] == "joe@example.com")
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test(arguments: [["sec-fetch-site": "cross-site"], ["origin": "https://evil.example"]] as [HeaderList])
    func aChoiceOfAnotherSiteCountsForNothing(headers: HeaderList) async throws {
        let browser = try await browserWithTwo()
        let response = try await browser.submit(await browser.authorize(), ["account": ""], headers: headers)
        #expect(response.status == 403)
    }

    @Test func aConnectorInThePathLeavesOutTheAccountsOfOthers() async throws {
        let browser = SSOBrowser(try TestProvider(others: [Elsewhere()]))
        _ = try await browser.signIn(await browser.authorize(at: "/auth/local"))
        #expect(await browser.authorize(at: "/auth/local").code != nil)
        #expect(await browser.authorize(at: "/auth/elsewhere").isLoginPage)
    }

    private struct Elsewhere: PasswordConnector {
        let id = "elsewhere"
        func authenticate(login: String, password: Secret) async -> PasswordOutcome { .wrong }
        func refresh(_ user: ConnectorUser) async -> RefreshedUser { .gone }
    }
}
