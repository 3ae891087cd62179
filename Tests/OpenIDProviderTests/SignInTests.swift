import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

struct SignInTests {
    @Test func theRightPasswordGivesACode() async throws {
        let provider = try TestProvider()
        let response = await provider.submit(try await provider.signInForm())
        let fields = try TestProvider.redirectFields(response)
        #expect(Base64URL.decode(fields["code"] ?? "")?.count == 32)
        #expect(fields["state"] == "st&te")
        #expect(fields["iss"] == TestProvider.issuer)
    }

    @Test(arguments: [
        ("jane@example.com", "wrong"), ("nobody@example.com", "right"), ("jane@example.com", ""), ("", "right"),
        ("jane@example.com", String(repeating: "p", count: 1025)),
    ])
    func everythingElseGetsTheSamePage(login: String, password: String) async throws {
        let provider = try TestProvider()
        let response = await provider.submit(try await provider.signInForm(), login: login, password: password)
        #expect(response.status == 401)
        #expect(response.text.contains("That e-mail address or password is not right."))
        #expect(response.headers.first("location") == nil)
    }

    @Test func emptyAndHugePasswordsReachNoConnector() async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        _ = await provider.submit(form, password: "")
        _ = await provider.submit(form, password: String(repeating: "p", count: 1025))
        #expect(provider.connector.callCount == 0)
    }

    @Test func thePageAfterAWrongPasswordWorks() async throws {
        let provider = try TestProvider()
        let again = try TestProvider.form(in: await provider.submit(try await provider.signInForm(), password: "wrong"))
        #expect(try TestProvider.redirectFields(await provider.submit(again))["code"] != nil)
    }

    @Test func whatWasTypedIsEscaped() async throws {
        let provider = try TestProvider()
        let response = await provider.submit(try await provider.signInForm(), login: "\"><script>alert(1)</script>")
        #expect(response.status == 401)
        #expect(!response.text.contains("<script>"))
    }

    @Test(
        arguments: [
            ["cookie": "other=1"], [:], ["cookie": "__Host-gatehouse_login=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"],
            ["cookie": "__Host-gatehouse_login=short"],
        ] as [HeaderList])
    func withoutItsCookieThePageIsShownAgain(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let response = await provider.submit(try await provider.signInForm(), headers: headers)
        #expect(response.status == 200)
        #expect(response.text.contains("please sign in once more"))
        #expect(provider.connector.callCount == 0)
        #expect(try TestProvider.redirectFields(await provider.submit(try TestProvider.form(in: response)))["code"] != nil)
    }

    @Test func theFormOfAnotherSignInDoesNotFit() async throws {
        let provider = try TestProvider()
        var form = try await provider.signInForm()
        let attackers = try await provider.signInForm()
        form.fields["request"] = attackers.fields["request"]
        #expect(await provider.submit(form).status == 200)
        #expect(provider.connector.callCount == 0)
    }

    @Test(
        arguments: [
            ["sec-fetch-site": "cross-site"], ["sec-fetch-site": "same-site"], ["origin": "https://evil.example"],
            ["origin": "http://sso.example.com"], ["sec-fetch-site": "cross-site", "origin": "https://sso.example.com"],
            ["sec-fetch-site": "none", "origin": "https://evil.example"],
            ["sec-fetch-site": "same-origin", "origin": "https://evil.example"],
        ] as [HeaderList])
    func postsOfOtherSitesAreRefused(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        var headers = headers
        headers.add("cookie", form.cookie)
        let response = await provider.submit(form, headers: headers)
        #expect(response.status == 403)
        #expect(provider.connector.callCount == 0)
    }

    @Test(arguments: [["origin": "https://sso.example.com"], ["origin": "null"], [:]] as [HeaderList])
    func oldBrowsersAndProgramsSignIn(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        var headers = headers
        headers.add("cookie", form.cookie)
        #expect(try TestProvider.redirectFields(await provider.submit(form, headers: headers))["code"] != nil)
    }

    @Test func anExpiredRequestSaysWhatToDo() async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        provider.clock.move(by: 3600)
        let response = await provider.submit(form)
        #expect(response.status == 400)
        #expect(response.text.contains("href=\"https://app.example.com/\""))
        #expect(provider.connector.callCount == 0)
    }

    @Test(arguments: ["", "request=", "request=AAAA", "request=x&request=y"])
    func whatWeDidNotSealIsRefused(query: String) async throws {
        let response = try await TestProvider().send("GET", "/auth/local/login?" + query)
        #expect(response.status == 400)
    }

    @Test func twentyTabsShareOneCookie() async throws {
        let provider = try TestProvider()
        let first = try await provider.signInForm()
        for _ in 0..<20 {
            let location = await provider.get("/auth", TestProvider.parameters).headers.first("location") ?? ""
            let page = await provider.send("GET", String(location.dropFirst(4)), headers: ["cookie": first.cookie])
            #expect(try TestProvider.form(in: page).cookie == first.cookie)
        }
    }

    @Test func thePageAndItsCookieAreProtected() async throws {
        let provider = try TestProvider()
        let location = await provider.get("/auth", TestProvider.parameters).headers.first("location") ?? ""
        let page = await provider.send("GET", String(location.dropFirst(4)))
        let cookie = page.headers.first("set-cookie") ?? ""
        for attribute in ["__Host-", "HttpOnly", "Secure", "SameSite=Lax", "Path=/;"] { #expect(cookie.contains(attribute)) }
        #expect(page.headers.first("content-security-policy")?.contains("form-action 'self' https://app.example.com") == true)
        #expect(page.text.contains("Dashboard"))
    }

    @Test(arguments: [(TestConnector.Mode.busy, "5"), (.failing, "30")])
    func aConnectorThatCannotAnswerIsNoWrongPassword(mode: TestConnector.Mode, retryAfter: String) async throws {
        let provider = try TestProvider()
        let form = try await provider.signInForm()
        provider.connector.set(mode)
        let response = await provider.submit(form)
        #expect(response.status == 503)
        #expect(response.headers.first("retry-after") == retryAfter)
    }

    @Test func aStoreThatFailsGivesNoCode() async throws {
        let provider = try TestProvider(store: FailingStore())
        let response = await provider.submit(try await provider.signInForm())
        #expect(response.status == 503)
        #expect(response.headers.first("location") == nil)
    }

    @Test func anonymousRequestsStoreNothing() async throws {
        let provider = try TestProvider()
        for _ in 0..<50 { _ = await provider.submit(try await provider.signInForm(), password: "wrong") }
        let far = provider.clock.now.adding(1_000_000_000)
        #expect(try await provider.store.sweep(codesExpiredAt: far, grantsExpiredAt: far, limit: 1000) == 0)
    }
}

/// A store that is away.
struct FailingStore: ProviderStore {
    func create(_ grant: GrantRecord) async throws(ProviderStoreFailure) { throw ProviderStoreFailure(detail: "down") }
    private let failure = ProviderStoreFailure(detail: "away")

    func create(_ grant: GrantRecord, with code: AuthorizationCodeRecord) async throws(ProviderStoreFailure) { throw failure }
    func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord? { throw failure }
    func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool { throw failure }
    func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord? { throw failure }
    func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord? { throw failure }
    func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool { throw failure }
    func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool { throw failure }
    func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int { throw failure }
    func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] { throw failure }
    func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int { throw failure }
    func sweep(codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        throw failure
    }
}
