import JOSE
import OpenIDProvider
import Testing
import Web

/// What people allow clients, and take back.
struct ConsentTests {
    private static let native = ["client_id": "native", "redirect_uri": "http://127.0.0.1:5000/cb"]

    private func provider(skipsConsent: Bool?) throws -> TestProvider {
        var clients = TestProvider.clients
        clients[0].skipsConsent = skipsConsent
        return try TestProvider(clients: clients)
    }

    private func isConsent(_ response: WebResponse) -> Bool {
        response.status == 200 && response.text.contains("name=\"decision\"")
    }

    @Test func isAskedOnceAndRemembered() async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        let page = try await browser.signIn()
        #expect(isConsent(page))
        for words in ["Dashboard", "jane@example.com", "your e-mail address", "the groups that you are in", "while you are away"]
        {
            #expect(page.text.contains(words), "\(words)")
        }
        #expect(try await browser.submit(page, ["decision": "allow"]).code != nil)
        #expect(await browser.authorize().code != nil)
        #expect(await browser.authorize(["scope": "openid email"]).code != nil)
    }

    @Test func moreThanWasAllowedIsAskedFor() async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        _ = try await browser.submit(try await browser.signIn(["scope": "openid email"]), ["decision": "allow"])
        #expect(isConsent(await browser.authorize(["scope": "openid email groups"])))
        #expect(await browser.authorize(["scope": "openid groups", "prompt": "none"]).redirectedError == "consent_required")
    }

    @Test func aSingleClaimIsAllowedAsItsScopeIs() async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        let page = try await browser.signIn(["scope": "openid", "claims": #"{"userinfo":{"email":null}}"#])
        #expect(isConsent(page) && page.text.contains("your e-mail address"))
        #expect(!page.text.contains("the groups that you are in"))
        #expect(try await browser.submit(page, ["decision": "allow"]).code != nil)
        #expect(await browser.authorize(["scope": "openid email"]).code != nil)
        let more = ["scope": "openid", "claims": #"{"id_token":{"groups":null}}"#]
        #expect(isConsent(await browser.authorize(more)))
    }

    @Test(arguments: ["deny", "", "ALLOW"])
    func everythingElseIsNo(decision: String) async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        let response = try await browser.submit(try await browser.signIn(), ["decision": decision])
        #expect(response.redirectedError == "access_denied")
        #expect(isConsent(await browser.authorize()))
    }

    @Test(arguments: [nil, true] as [Bool?])
    func trustedClientsAreAskedAboutOnlyIfTheyWantIt(skips: Bool?) async throws {
        let browser = SSOBrowser(try provider(skipsConsent: skips))
        #expect(try await browser.signIn().code != nil)
        #expect(isConsent(await browser.authorize(["prompt": "consent"])))
    }

    @Test func anotherPersonIsAskedToo() async throws {
        let provider = try provider(skipsConsent: false)
        let browser = SSOBrowser(provider)
        _ = try await browser.submit(try await browser.signIn(), ["decision": "allow"])
        #expect(isConsent(try await SSOBrowser(provider).signIn(as: "joe@example.com")))
    }

    @Test(arguments: [["sec-fetch-site": "cross-site"], ["origin": "https://evil.example"]] as [HeaderList])
    func aFormOfAnotherSiteAllowsNothing(headers: HeaderList) async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        let page = try await browser.signIn()
        #expect(try await browser.submit(page, ["decision": "allow"], headers: headers).status == 403)
        #expect(isConsent(await browser.authorize()))
    }

    @Test func aFormOfAnotherBrowserAllowsNothing() async throws {
        let provider = try provider(skipsConsent: false)
        let attackers = SSOBrowser(provider)
        let page = try await attackers.signIn(as: "joe@example.com")
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        #expect(try await browser.submit(page, ["decision": "allow"]).status == 403)
    }

    @Test func theLoginFormsProofAllowsNothing() async throws {
        let browser = SSOBrowser(try provider(skipsConsent: false))
        let login = try TestProvider.form(in: await browser.authorize())
        let page = try await browser.signIn()
        #expect(try await browser.submit(page, ["decision": "allow", "proof": login.fields["proof"] ?? ""]).status == 403)
    }

    /// Any program on the machine could have the client's id (RFC 8252 §8.6).
    @Test func programsOnOnesOwnMachineGetNoCodeBehindOnesBack() async throws {
        let browser = SSOBrowser(try TestProvider())
        #expect(try await browser.signIn(Self.native).code != nil)
        #expect(isConsent(await browser.authorize(Self.native)))
        #expect(await browser.authorize(Self.native.merging(["prompt": "none"]) { $1 }).redirectedError == "interaction_required")
        let page = await browser.authorize(Self.native)
        #expect(try await browser.submit(page, ["decision": "allow"]).code != nil)
        #expect(isConsent(await browser.authorize(Self.native)))
    }

    @Test func whatWasAllowedCanBeTakenBack() async throws {
        let provider = try provider(skipsConsent: false)
        let browser = SSOBrowser(provider)
        let code = try await browser.submit(try await browser.signIn(), ["decision": "allow"]).code ?? ""
        let tokens = try Tokens(await provider.token(TestProvider.codeRequest(code)))
        let page = await browser.get("/consents")
        #expect(page.text.contains("Dashboard") && page.text.contains("your e-mail address"))
        #expect(try await browser.submit(page, [:], headers: ["sec-fetch-site": "cross-site"]).status == 403)
        #expect(try await browser.submit(page, [:]).text.contains("You have allowed no application anything."))
        #expect(isConsent(await browser.authorize()))
        #expect(await provider.refresh(tokens.refresh ?? "").error == "invalid_grant")
    }

    @Test func thePageIsForWhoIsSignedIn() async throws {
        #expect(await SSOBrowser(try TestProvider()).get("/consents").status == 401)
    }
}
