import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing
import Web

/// A second factor on the way to a client: asked for, set up, and not to be got around.
struct SecondFactorTests {
    @Test func whoeverHasSetOneUpIsAskedAndTheClientIsTold() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        #expect(page.status == 200 && page.asksForSecondFactor && page.text.contains("jane@example.com"))
        let claims = try await provider.idToken(try await browser.submit(page, ["code": app.code()]))
        #expect(claims["amr"]?.stringList == ["pwd", "otp", "mfa"] && claims["acr"]?.string == "mfa")
        #expect(claims["auth_time"]?.integer == provider.clock.now.seconds)
        #expect(await browser.authorize(["prompt": "none"]).code != nil, "once a session")
        #expect(try await SSOBrowser(provider).signIn(as: "joe@example.com").code != nil, "nobody else is asked")
    }

    @Test func aCodeIsGoodOnce() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let code = app.code()
        let (one, two) = (SSOBrowser(provider), SSOBrowser(provider))
        #expect(try await one.submit(try await one.signIn(), ["code": code]).code != nil)
        let refused = try await two.submit(try await two.signIn(), ["code": code])
        #expect(refused.status == 401 && refused.text.contains("used already") && refused.text.contains("class=\"reference\""))
        provider.clock.move(by: TOTP.period)
        #expect(try await two.submit(refused, ["code": app.code(-1)]).status == 401, "nor one of an earlier step")
        #expect(try await two.submit(refused, ["code": app.code()]).code != nil)
    }

    @Test func theCodeThatSetItUpIsUsed() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        #expect(try await browser.submit(try await browser.signIn(), ["code": app.code(-1)]).status == 401)
    }

    @Test func ofManyWithOneCodeAtTheSameInstantOneIsLetIn() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        var pages: [(SSOBrowser, WebResponse)] = []
        for _ in 0..<8 {
            let browser = SSOBrowser(provider)
            pages.append((browser, try await browser.signIn()))
        }
        let codes = await withTaskGroup(of: Bool.self) { group in
            for (browser, page) in pages {
                group.addTask { (try? await browser.submit(page, ["code": app.code()]))?.code != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(codes == 1)
    }

    @Test(arguments: [-1, 0, 1])
    func clocksMayBeOneStepApart(steps: Int64) async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        provider.clock.move(by: TOTP.period)
        let browser = SSOBrowser(provider)
        #expect(try await browser.submit(try await browser.signIn(), ["code": app.code(steps)]).code != nil)
    }

    @Test func aRecoveryCodeIsGoodOnceHoweverItIsTyped() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        for typed in [app.recoveryCodes[0], app.recoveryCodes[1].uppercased().replacing("-", with: " ")] {
            let (one, two) = (SSOBrowser(provider), SSOBrowser(provider))
            let claims = try await provider.idToken(try await one.submit(try await one.signIn(), ["code": typed]))
            #expect(claims["acr"]?.string == "mfa" && claims["amr"]?.stringList == ["pwd", "otp", "mfa"])
            #expect(try await two.submit(try await two.signIn(), ["code": typed]).status == 401)
        }
    }

    @Test func codesOfAnotherAccountAreNone() async throws {
        let provider = try TestProvider()
        let (jane, joe) = (try await provider.enrolled(), try await provider.enrolled("joe@example.com"))
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        for code in [joe.code(), joe.recoveryCodes[0], "", "000000", "x"] {
            #expect(try await browser.submit(page, ["code": code]).status == 401)
        }
        #expect(try await browser.submit(page, ["code": jane.code()]).code != nil)
    }

    @Test func whoeverGuessesHasToWaitAndTheOwnerHasNot() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let owner = SSOBrowser(provider, from: "192.0.2.1")
        #expect(try await owner.submit(try await owner.signIn(), ["code": app.code()]).code != nil)
        var statuses: [Int] = []
        for index in 0..<12 {
            // A new browser each time, which has signed in with the password before.
            let thief = SSOBrowser(provider, from: "203.0.\(index / 4).1")
            let page = try await thief.signIn()
            statuses.append(try await thief.submit(page, ["code": "00000\(index % 10)"]).status)
        }
        #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
        provider.clock.move(by: TOTP.period)
        let thief = SSOBrowser(provider, from: "203.0.9.1")
        let refused = try await thief.submit(try await thief.signIn(), ["code": app.code()])
        #expect(refused.status == 429 && refused.headers.first("retry-after") == "30")
        let page = try await owner.signIn(["prompt": "login"])
        #expect(try await owner.submit(page, ["code": app.code()]).code != nil)
    }

    // Nothing gets around it.

    @Test func theFirstFactorAloneLeadsNowhere() async throws {
        let provider = try TestProvider()
        _ = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        #expect(page.headers.all("set-cookie").allSatisfy { !$0.contains("gatehouse_sso") }, "there is no session")
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
        for path in ["/consents", "/password", "/second-factors"] { #expect(await browser.get(path).status == 401) }
        let step = try TestProvider.form(in: page).fields["step"] ?? ""
        for endpoint in ["/approval", "/accounts"] {
            let fields = ["request": step, "decision": "allow", "account": "", "proof": "x"]
            #expect(await browser.post(endpoint, fields).status == 400)
        }
    }

    @Test func whatWasSealedForSomethingElseIsNoStep() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let login = await browser.authorize()
        let request = try TestProvider.form(in: login).fields["request"] ?? ""
        _ = try await browser.signIn(login)
        for step in [request, "", "x", String(repeating: "A", count: 200_000)] {
            #expect(await browser.post("/second-factor", ["step": step, "proof": "x", "code": app.code()]).status == 400)
        }
    }

    @Test func aStepIsGoodInItsBrowserAndForItsClientOnly() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let fields = try TestProvider.form(in: try await browser.signIn()).fields
        let step = fields["step"] ?? ""
        #expect(await SSOBrowser(provider).post("/second-factor", fields.merging(["code": app.code()]) { $1 }).status == 403)
        // Whoever has taken the form along can make a proof of their own browser's.
        let thief = SSOBrowser(provider)
        _ = await thief.authorize()
        let cookie = try #require(thief.cookies["__Host-gatehouse_login"].flatMap { Base64URL.decode($0) })
        let proof = Base64URL.encode(hmacSHA256("second factor \(step)".utf8, key: Secret(cookie)))
        let stolen = ["step": step, "proof": proof, "code": app.code()]
        #expect(await thief.post("/second-factor", stolen).status == 403)
        let other = ["client_id": "other", "redirect_uri": "https://other.example.com/cb"]
        let done = await browser.post("/second-factor", fields.merging(other.merging(["code": app.code()]) { $1 }) { $1 })
        #expect(done.headers.first("location")?.hasPrefix(TestProvider.callback) == true, "whatever else stands in the form")
    }

    @Test func aFormOfAnotherSiteAndOneThatIsTooOldAreRefused() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        let evil = try await browser.submit(page, ["code": app.code()], headers: ["sec-fetch-site": "cross-site"])
        #expect(evil.status == 403)
        provider.clock.move(by: 900)
        #expect(try await browser.submit(page, ["code": app.code()]).status == 400)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
    }

    @Test func whoeverIsDisabledMeanwhileIsNotLetIn() async throws {
        let provider = try TestProvider()
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let page = try await browser.signIn()
        provider.connector.set(.disabled)
        #expect(try await browser.submit(page, ["code": app.code()]).status == 400)
        #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required")
    }

    @Test func aStoreThatCannotBeReadLetsNobodyIn() async throws {
        let provider = try TestProvider(secondFactors: BrokenSecondFactorStore())
        #expect(try await SSOBrowser(provider).signIn().status == 503)
    }

    @Test func aPasswordThatAClientSendsIsNotEnough() async throws {
        let provider = try TestProvider()
        let fields = [
            "grant_type": "password", "username": "jane@example.com", "password": "right", "client_id": "old",
            "client_secret": "old", "scope": "openid",
        ]
        #expect(await provider.post("/token", fields).status == 200)
        _ = try await provider.enrolled()
        let refused = await provider.post("/token", fields)
        #expect(refused.status == 400 && refused.error == "invalid_grant" && refused.text.contains("second factor"))
    }

    // An existing session.

    @Test func anOlderSessionIsAskedOnceMoreAndGoesOn() async throws {
        let provider = try TestProvider()
        let older = SSOBrowser(provider)
        let first = try await provider.idToken(try await older.signIn())
        let app = try await provider.enrolled()
        let page = await older.authorize()
        #expect(page.asksForSecondFactor && page.text.contains("href=\"/dex/logout\""))
        #expect(await older.authorize(["prompt": "none"]).redirectedError == "login_required")
        let before = older.cookies["__Secure-gatehouse_sso"]
        let second = try await provider.idToken(try await older.submit(page, ["code": app.code()]))
        #expect(second["sid"] == first["sid"] && second["auth_time"] == first["auth_time"])
        #expect(second["acr"]?.string == "mfa" && older.cookies["__Secure-gatehouse_sso"] != before)
    }

    @Test func whoeverSignsOutMeanwhileIsNotSignedInByACode() async throws {
        let provider = try TestProvider()
        let older = SSOBrowser(provider)
        _ = try await older.signIn()
        let app = try await provider.enrolled()
        let page = await older.authorize()
        older.forget("__Secure-gatehouse_sso")
        #expect(try await older.submit(page, ["code": app.code()]).status == 400)
        #expect(await older.authorize(["prompt": "none"]).redirectedError == "login_required")
    }

    @Test func anAcrThatIsAskedForForcesItInASessionWithout() async throws {
        var client = Client(
            id: "app", name: "App", secrets: [Secret(utf8: TestProvider.secret)], redirectURIs: [TestProvider.callback])
        client.secondFactor = .skip
        let provider = try TestProvider(clients: [client]) { $0.acrValues = ["mfa", "urn:loa:2"] }
        let app = try await provider.enrolled()
        let browser = SSOBrowser(provider)
        let weak = try await provider.idToken(try await browser.signIn())
        #expect(weak["acr"]?.string == "pwd" && weak["amr"]?.stringList == ["pwd"], "the client asks for nothing")
        let page = await browser.authorize(["acr_values": "urn:loa:2"])
        #expect(page.asksForSecondFactor)
        let strong = try await provider.idToken(try await browser.submit(page, ["code": app.code()]))
        #expect(strong["acr"]?.string == "urn:loa:2" && strong["amr"]?.stringList == ["pwd", "otp", "mfa"])
        let claims = #"{"id_token":{"acr":{"essential":true,"value":"mfa"}}}"#
        #expect(try await provider.idToken(await browser.authorize(["claims": claims]))["acr"]?.string == "mfa")
        #expect(try await provider.idToken(await browser.authorize(["acr_values": "pwd"]))["acr"]?.string == "pwd")
    }

    @Test func pagesOfOnesOwnNeedItToo() async throws {
        let provider = try TestProvider()
        let older = SSOBrowser(provider)
        _ = try await older.signIn()
        _ = try await provider.enrolled()
        #expect(await older.get("/consents").asksForSecondFactor)
    }
}

/// Answers nothing.
private struct BrokenSecondFactorStore: SecondFactorStore {
    func hasSecondFactor(_ kind: SecondFactor.Kind, ofConnector connectorID: String) async throws(ProviderStoreFailure) -> Bool {
        throw ProviderStoreFailure(detail: "broken")
    }

    private static let failure = ProviderStoreFailure(detail: "broken")

    func secondFactors(of: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] { throw Self.failure }
    func secondFactors(ofSubject: String) async throws(ProviderStoreFailure) -> [SecondFactor] { throw Self.failure }
    func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? { throw Self.failure }
    func add(_: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool { throw Self.failure }
    func replace(_: SecondFactor) async throws(ProviderStoreFailure) -> Bool { throw Self.failure }
    func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool { throw Self.failure }
    func removeSecondFactors(of: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int { throw Self.failure }
}
