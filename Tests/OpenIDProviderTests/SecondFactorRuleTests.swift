import JOSE
import OpenIDConnect
import OpenIDProvider
import Synchronization
import Testing
import Web

/// Who is asked for a second factor, and who has to set one up.
struct SecondFactorRuleTests {
    enum Expected: Sendable { case code, question, enrolment }

    struct Case: Sendable, CustomTestStringConvertible {
        var everybody = false
        var groups: [String] = []
        var connector: SecondFactorRule?
        var client: SecondFactorRule?
        var acr: String?
        /// Of somebody in `admins` who has set up nothing, and who has.
        let without: Expected
        let with: Expected
        var testDescription: String {
            "everybody \(everybody), groups \(groups), connector \(connector?.rawValue ?? "-"), client \(client?.rawValue ?? "-"), acr \(acr ?? "-")"
        }
    }

    static let cases = [
        Case(without: .code, with: .question),
        Case(everybody: true, without: .enrolment, with: .question),
        Case(groups: ["admins"], without: .enrolment, with: .question),
        Case(groups: ["others"], without: .code, with: .question),
        Case(connector: .required, without: .enrolment, with: .question),
        Case(connector: .skip, without: .code, with: .code),
        Case(everybody: true, connector: .ifEnrolled, without: .code, with: .question),
        Case(groups: ["admins"], connector: .skip, without: .code, with: .code),
        Case(client: .required, without: .enrolment, with: .question),
        Case(everybody: true, client: .skip, without: .code, with: .code),
        Case(connector: .required, client: .ifEnrolled, without: .code, with: .question),
        Case(connector: .skip, client: .required, without: .enrolment, with: .question),
        Case(acr: "mfa", without: .enrolment, with: .question),
        Case(client: .skip, acr: "mfa", without: .enrolment, with: .question),
        Case(client: .skip, acr: "pwd mfa", without: .code, with: .code),
        Case(acr: "unheard-of", without: .code, with: .question),
    ]

    @Test(arguments: cases)
    func whoIsAsked(each: Case) async throws {
        var client = Client(
            id: "app", name: "App", secrets: [Secret(utf8: TestProvider.secret)], redirectURIs: [TestProvider.callback])
        client.secondFactor = each.client
        let provider = try TestProvider(clients: [client]) { settings in
            settings.isRequired = each.everybody
            settings.groups = each.groups
            settings.connectors["local"] = each.connector
        }
        let changes = each.acr.map { ["acr_values": $0] } ?? [:]
        expect(try await SSOBrowser(provider).signIn(changes), each.without)
        try await enrol(provider)
        expect(try await SSOBrowser(provider).signIn(changes), each.with)
    }

    private func expect(_ response: WebResponse, _ expected: Expected) {
        switch expected {
        case .code: #expect(response.code != nil)
        case .question: #expect(response.asksForSecondFactor)
        case .enrolment: #expect(response.offersSecondFactor)
        }
    }

    /// On whichever page offers it.
    private func enrol(_ provider: TestProvider) async throws {
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        guard page.offersSecondFactor else {
            _ = try await browser.enrol()
            return
        }
        let app = try AuthenticatorApp(scanning: page, provider.clock)
        #expect(try await browser.submit(page, ["code": app.code()]).text.contains("Your recovery codes"))
    }

    @Test func whoeverHasToSetOneUpDoesSoAtTheSignInAndGoesOn() async throws {
        let provider = try TestProvider { $0.isRequired = true }
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        #expect(page.offersSecondFactor)
        var app = try AuthenticatorApp(scanning: page, provider.clock)
        let wrong = try await browser.submit(page, ["code": "000000"])
        #expect(wrong.status == 401)
        #expect(try AuthenticatorApp(scanning: wrong, provider.clock).key.bytes == app.key.bytes, "the same key as before")
        let codes = try await browser.submit(wrong, ["code": app.code()])
        app.recoveryCodes = AuthenticatorApp.codes(in: codes)
        #expect(app.recoveryCodes.count == 10 && Set(app.recoveryCodes).count == 10)
        let claims = try await provider.idToken(try await browser.submit(codes, [:]))
        #expect(claims["acr"]?.string == "mfa")
        let other = SSOBrowser(provider)
        #expect(try await other.submit(try await other.signIn(), ["code": app.recoveryCodes[9]]).code != nil)
    }

    @Test func whatWasSetUpInAnotherTabCounts() async throws {
        let provider = try TestProvider { $0.isRequired = true }
        let (one, two) = (SSOBrowser(provider), SSOBrowser(provider))
        let (first, second) = (try await one.signIn(), try await two.signIn())
        let app = try AuthenticatorApp(scanning: first, provider.clock)
        _ = try await one.submit(first, ["code": app.code()])
        let late = try AuthenticatorApp(scanning: second, provider.clock)
        let refused = try await two.submit(second, ["code": late.code()])
        #expect(refused.status == 401 && refused.asksForSecondFactor)
        provider.clock.move(by: TOTP.period)
        #expect(try await two.submit(refused, ["code": app.code()]).code != nil)
    }

    @Test func anOfferIsForOneAccountInOneBrowser() async throws {
        let provider = try TestProvider { $0.isRequired = true }
        let (jane, joe) = (SSOBrowser(provider), SSOBrowser(provider))
        let (janes, joes) = (try await jane.signIn(), try await joe.signIn(as: "joe@example.com"))
        let offer = try TestProvider.form(in: joes).fields["offer"] ?? ""
        let key = try AuthenticatorApp(scanning: joes, provider.clock)
        let page = try await jane.submit(janes, ["offer": offer, "code": key.code()])
        #expect(page.offersSecondFactor && AuthenticatorApp.codes(in: page).isEmpty)
        #expect(try AuthenticatorApp(scanning: page, provider.clock).key.bytes != key.key.bytes)
    }

    // Upstreams.

    @Test(arguments: [
        (Authentication(amr: ["pwd", "mfa"], acr: ""), true), (Authentication(amr: [], acr: "mfa"), true),
        (Authentication(amr: ["pwd"], acr: "pwd"), false), (.elsewhere, false),
    ])
    func whatAnUpstreamSaysCounts(authentication: Authentication, isEnough: Bool) async throws {
        #expect(try await signInUpstream(authentication, .ifEnrolled).offersSecondFactor != isEnough)
    }

    @Test func unlessTheOperatorWantsOneHereAsWell() async throws {
        #expect(try await signInUpstream(Authentication(amr: ["mfa"], acr: "mfa"), .required).offersSecondFactor)
    }

    private func signInUpstream(_ authentication: Authentication, _ rule: SecondFactorRule) async throws -> WebResponse {
        var client = Client(
            id: "app", name: "App", secrets: [Secret(utf8: TestProvider.secret)], redirectURIs: [TestProvider.callback])
        client.secondFactor = .required
        let upstream = UpstreamTests.Upstream()
        upstream.state.withLock {
            $0.outcome = .authenticated(UpstreamUser(user: TestConnector.jane, authentication: authentication))
        }
        let provider = try TestProvider(others: [upstream], clients: [client]) { $0.connectors["corp"] = rule }
        let browser = SSOBrowser(provider)
        let state = try TestProvider.redirectFields(await browser.authorize(at: "/auth/corp"))["state"] ?? ""
        return await browser.get(QueryString([(name: "state", value: state)]).appending(to: "/callback") + "&code=c")
    }
}
