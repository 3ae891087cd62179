import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// Users of the store: how they are made, what their links are good for, and what ends with a change.
struct UserAccountsTests {
    private func accounts(_ provider: TestProvider) throws -> UserAccounts { try #require(provider.provider.users) }

    private func invited(_ provider: TestProvider, _ email: String = "carol@example.com") async throws -> (
        user: StoredUser, url: String
    ) {
        let outcome = try await accounts(provider).add(.init(email: email, groups: ["g"]), password: nil)
        guard case .added(let user, let invitation?) = outcome else { throw Unexpected() }
        return (user, invitation.url.text)
    }

    /// Below the issuer.
    private func target(_ url: String) -> String { String(url.dropFirst(TestProvider.issuer.count)) }

    private func hash(_ provider: TestProvider, _ user: StoredUser) async throws -> String? {
        try await provider.users.user(id: user.id)?.hash?.text
    }

    @Test func whoeverHasNoPasswordGetsALink() async throws {
        let provider = try TestProvider()
        let (user, url) = try await invited(provider)
        #expect(user.username == "carol" && user.name == "carol" && user.hash == nil)
        #expect(url.hasPrefix("https://sso.example.com/dex/invitation?token="))
        guard case .taken = try await accounts(provider).add(.init(email: "CAROL@example.com"), password: nil) else {
            throw Unexpected()
        }
        guard
            case .added(let other, nil) = try await accounts(provider).add(
                .init(email: "dave@example.com", username: "d", name: "Dave"), password: Secret(utf8: "good-password"))
        else { throw Unexpected() }
        #expect(other.hash?.text == "hash of good-password" && other.passwordChangedAt != nil)
    }

    @Test func aLinkSetsAPasswordOnce() async throws {
        let provider = try TestProvider()
        let (user, url) = try await invited(provider)
        let browser = SSOBrowser(provider)
        for _ in 0..<3 { #expect(await browser.get(target(url)).status == 200) }
        let page = await browser.get(target(url))
        #expect(page.text.contains("carol@example.com") && !page.text.contains("<script"))
        let done = try await browser.submit(page, ["new": "good-password", "again": "good-password"])
        #expect(done.status == 200 && done.text.contains("Your password is set"))
        #expect(try await hash(provider, user) == "hash of good-password")
        #expect(await browser.get(target(url)).status == 404)
        #expect(try await browser.submit(page, ["new": "other-password", "again": "other-password"]).status == 404)
    }

    @Test func followingALinkLeavesItsTokenBehind() async throws {
        let provider = try TestProvider()
        let url = try await invited(provider).url
        let token = String(url.drop { $0 != "=" }.dropFirst())
        let led = await provider.send("GET", target(url))
        #expect(led.status == 303 && led.headers.first("location") == "https://sso.example.com/dex/invitation")
        #expect(led.headers.first("referrer-policy") == "no-referrer" && led.headers.first("cache-control") == "no-store")
        let cookie = try #require(led.headers.first("set-cookie"))
        #expect(cookie.hasPrefix("__Secure-gatehouse_invitation=") && !cookie.contains(token))
        #expect(cookie.hasSuffix("; Path=/dex/invitation; Max-Age=1800; HttpOnly; Secure; SameSite=Lax"))
        let browser = SSOBrowser(provider)
        #expect(await !browser.get(target(url)).text.contains(token))
        #expect(await browser.get("/invitation").status == 200)
        provider.clock.move(by: 1800)
        #expect(await browser.get("/invitation").status == 404)
        #expect(await browser.get(target(url)).status == 200)
    }

    @Test func aFormIsForItsOwnLinkOnly() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        let (carol, first) = try await invited(provider)
        let (dora, second) = try await invited(provider, "dora@example.com")
        let page = await browser.get(target(first))
        #expect(await browser.get(target(second)).text.contains("dora@example.com"))
        let fields = ["new": "good-password", "again": "good-password"]
        #expect(try await browser.submit(page, fields).status == 403)
        #expect(try await hash(provider, carol) == nil)
        #expect(try await hash(provider, dora) == nil)
    }

    @Test(arguments: [
        ("good-password", "other-password", "are not the same"), ("short", "short", "needs 8 characters"),
        ("", "", "needs 8 characters"),
        ("listed-password", "listed-password", "on a list"),
    ])
    func whatIsNoPasswordIsSaid(new: String, again: String, says: String) async throws {
        let provider = try TestProvider()
        let (user, url) = try await invited(provider)
        let browser = SSOBrowser(provider)
        let refused = try await browser.submit(await browser.get(target(url)), ["new": new, "again": again])
        #expect(refused.text.contains(says))
        #expect(try await hash(provider, user) == nil)
        #expect(try await browser.submit(refused, ["new": "good-password", "again": "good-password"]).status == 200)
    }

    @Test func aLinkIsGoodForAWhile() async throws {
        let provider = try TestProvider()
        let (_, url) = try await invited(provider)
        provider.clock.move(by: 3599)
        #expect(await SSOBrowser(provider).get(target(url)).status == 200)
        provider.clock.move(by: 1)
        #expect(await SSOBrowser(provider).get(target(url)).status == 404)
    }

    @Test(arguments: ["", "?token=", "?token=x", "?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "?token=a&token=a"])
    func whatIsNoLink(query: String) async throws {
        #expect(await SSOBrowser(try TestProvider()).get("/invitation" + query).status == 404)
    }

    @Test(arguments: [["sec-fetch-site": "cross-site"], ["origin": "https://evil.example"]] as [HeaderList])
    func anotherSitesFormSetsNothing(headers: HeaderList) async throws {
        let provider = try TestProvider()
        let (user, url) = try await invited(provider)
        let browser = SSOBrowser(provider)
        let page = await browser.get(target(url))
        let fields = ["new": "good-password", "again": "good-password"]
        #expect(try await browser.submit(page, fields, headers: headers).status == 403)
        #expect(try await SSOBrowser(provider).submit(page, fields).status == 404)
        #expect(try await hash(provider, user) == nil)
    }

    @Test func whoeverIsDisabledHasNoLink() async throws {
        let provider = try TestProvider()
        let (user, url) = try await invited(provider)
        _ = try await accounts(provider).change(id: user.id) { $0.isDisabled = true }
        #expect(await SSOBrowser(provider).get(target(url)).status == 404)
    }

    @Test func withoutUsersThereAreNoPages() async throws {
        let provider = try TestProvider(hasUsers: false)
        #expect(provider.provider.users == nil)
        #expect(await SSOBrowser(provider).get("/password").status == 404)
        #expect(await SSOBrowser(provider).get("/invitation?token=x").status == 404)
    }

    // Jane signs in at the test's connector; these tests give her a user in the store under the same id.

    private func jane(_ provider: TestProvider) async throws -> StoredUser {
        let jane = StoredUser(
            id: "jane-id", email: "jane@example.com", username: "jane", name: "Jane", hash: Secret(utf8: "hash of right"),
            createdAt: provider.clock.now)
        #expect(try await provider.users.create(jane, invitation: nil))
        return jane
    }

    private func refreshToken(_ provider: TestProvider, _ response: WebResponse) async throws -> String {
        let code = try #require(response.code)
        return try await provider.token(TestProvider.codeRequest(code)).json()["refresh_token"]?.string ?? ""
    }

    private func refreshes(_ provider: TestProvider, _ token: String) async -> Bool {
        await provider.token(["grant_type": "refresh_token", "refresh_token": token]).status == 200
    }

    @Test func achangeOfThePasswordEndsAllElse() async throws {
        let provider = try TestProvider()
        let user = try await jane(provider)
        let (here, there) = (SSOBrowser(provider), SSOBrowser(provider))
        let kept = try await refreshToken(provider, try await here.signIn())
        let lost = try await refreshToken(provider, try await there.signIn())
        let page = await here.get("/password")
        #expect(page.text.contains("jane@example.com"))
        let done = try await here.submit(page, ["old": "right", "new": "new-password", "again": "new-password"])
        #expect(done.status == 200 && done.text.contains("Your password is changed"))
        #expect(try await hash(provider, user) == "hash of new-password")
        #expect(await here.authorize(["prompt": "none"]).code != nil)
        #expect(await there.authorize(["prompt": "none"]).redirectedError == "login_required")
        #expect(await refreshes(provider, kept))
        #expect(await !refreshes(provider, lost))
    }

    @Test(arguments: [
        ("wrong", "new-password", "new-password", 401), ("right", "short", "short", 200),
        ("right", "new-password", "other-password", 200),
        ("", "new-password", "new-password", 401),
    ])
    func aChangeThatIsNone(old: String, new: String, again: String, status: Int) async throws {
        let provider = try TestProvider()
        let user = try await jane(provider)
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let refused = try await browser.submit(await browser.get("/password"), ["old": old, "new": new, "again": again])
        #expect(refused.status == status && refused.text.contains("role=\"alert\""))
        #expect(try await hash(provider, user) == "hash of right")
    }

    @Test func theOldPasswordCannotBeGuessed() async throws {
        let provider = try TestProvider()
        _ = try await jane(provider)
        let browser = SSOBrowser(provider)
        _ = try await browser.signIn()
        let page = await browser.get("/password")
        var statuses: [Int] = []
        for _ in 0..<11 {
            statuses.append(
                try await browser.submit(page, ["old": "guess", "new": "new-password", "again": "new-password"]).status)
        }
        #expect(statuses == Array(repeating: 401, count: 10) + [429])
        let refused = try await browser.submit(page, ["old": "right", "new": "new-password", "again": "new-password"])
        #expect(refused.status == 429 && refused.headers.first("retry-after") == "10")
    }

    @Test func thePageIsForThoseWhoHaveAPasswordHere() async throws {
        let provider = try TestProvider()
        let browser = SSOBrowser(provider)
        #expect(await browser.get("/password").status == 401)
        _ = try await browser.signIn()
        let page = await browser.get("/password")
        #expect(page.status == 404 && page.text.contains("not kept here"))
    }

    @Test(arguments: [true, false])
    func whoeverIsDisabledOrDeletedIsSignedOut(isDeleted: Bool) async throws {
        let provider = try TestProvider()
        let user = try await jane(provider)
        let (one, two, joe) = (SSOBrowser(provider), SSOBrowser(provider), SSOBrowser(provider))
        let tokens = [
            try await refreshToken(provider, try await one.signIn()), try await refreshToken(provider, try await two.signIn()),
        ]
        let joes = try await refreshToken(provider, try await joe.signIn(as: "joe@example.com"))
        if isDeleted {
            #expect(try await accounts(provider).delete(user))
        } else {
            guard case .changed = try await accounts(provider).change(id: user.id, { $0.isDisabled = true }) else {
                throw Unexpected()
            }
        }
        for browser in [one, two] { #expect(await browser.authorize(["prompt": "none"]).redirectedError == "login_required") }
        for token in tokens { #expect(await !refreshes(provider, token)) }
        #expect(await joe.authorize(["prompt": "none"]).code != nil)
        #expect(await refreshes(provider, joes))
        #expect(try await provider.users.user(id: "jane-id") == nil || !isDeleted)
    }

    @Test func grantsAreListedAndEnded() async throws {
        let provider = try TestProvider()
        let janes = try await refreshToken(provider, try await SSOBrowser(provider).signIn())
        let joes = try await refreshToken(provider, try await SSOBrowser(provider).signIn(as: "joe@example.com"))
        let grants = provider.provider.grants
        #expect(try await grants.list(GrantSelection(), limit: 10).count == 2)
        #expect(try await grants.list(GrantSelection(), limit: 1).count == 1)
        let found = try await grants.list(GrantSelection(user: "jane@example.com", client: "app"), limit: 10)
        #expect(found.map(\.email) == ["jane@example.com"] && found.allSatisfy(\.hasRefreshToken))
        #expect(try await grants.list(GrantSelection(user: "jane@example.com", client: "other"), limit: 10).isEmpty)
        #expect(try await grants.end(id: found[0].id))
        #expect(try await !grants.end(id: found[0].id))
        #expect(await !refreshes(provider, janes))
        #expect(await refreshes(provider, joes))
        #expect(try await grants.end(GrantSelection(client: "app")) == 1)
        #expect(await !refreshes(provider, joes))
    }
}

private struct Unexpected: Error {}

/// Hashes by writing `hash of` before the password.
struct TestPasswords: PasswordHashing {
    func hash(_ password: Secret) async -> HashedPassword {
        if password.text == "listed-password" { return .refused(.listed) }
        if password.bytes.count < 8 { return .refused(.tooShort(8)) }
        return .hashed(Secret(utf8: "hash of \(password.text)"))
    }

    func matches(_ password: Secret, hash: Secret) async -> Bool? { hash.text == "hash of \(password.text)" }
}
