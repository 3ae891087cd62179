import Accounts
import AuthService
import JOSE
import Logging
import Storage
import Synchronization
import Testing
import Web

/// The auth service with personal tokens in memory.
private struct TokenSetup {
    let harness: Harness
    let tokens: PersonalTokens
    let store = MemoryPersonalTokenStore()

    init(perUser: Int = 3) throws {
        let (store, lane) = (store, SlowLane(width: 1, limit: 100))
        var made: PersonalTokens?
        harness = try Harness(parts: { parts, clock in
            let tokens = PersonalTokens(
                store: store, limits: .init(maximumLifetime: 90 * 86400, perUser: perUser), lane: lane, clock: clock,
                randomness: .system, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            made = tokens
            parts.credentials = Credentials(personalTokens: tokens)
        })
        tokens = try #require(made)
    }

    static let ada = Identity(
        issuer: "https://issuer", subject: "ada",
        claims: JSONObject([("email", "ada@example.com"), ("email_verified", true), ("groups", ["admins"])]))

    func create(access: PersonalToken.Access = .full, lifetime: Int64 = 86400) async throws -> NewPersonalToken {
        try #require(try await tokens.create("ci", access: access, lifetime: lifetime, for: Self.ada))
    }

    func send(_ token: String, method: String = "GET", target: String = "/page") async -> Decision {
        await harness.decide(
            WebRequest(
                method: method, scheme: "https", authority: "app.example.com", target: target,
                headers: ["authorization": "Bearer \(token)"]))
    }
}

struct PersonalTokenTests {
    @Test func aTokenLetsItsOwnerIn() async throws {
        let setup = try TokenSetup()
        let made = try await setup.create()
        let accepted = try #require(await setup.send(made.text.text).accepted)
        #expect(accepted.headersToSet.contains(.init(name: "kubeflow-userid", value: "ada@example.com")))
        // The application gets the identity, not the token.
        #expect(accepted.headersToRemove.contains("authorization"))
    }

    @Test func itIsKnownByItsFormAndNotStored() async throws {
        let setup = try TokenSetup()
        let made = try await setup.create()
        #expect(made.text.text.hasPrefix("gh_pat_") && made.text.bytes.count == 56)
        #expect(made.token.key == SHA256Bytes(sha256(made.text.bytes)))
    }

    @Test func aTypingErrorIsFoundWithoutTheStore() async throws {
        let setup = try TokenSetup()
        let text = try await setup.create().text.text
        #expect(await setup.send(String(text.dropLast()) + (text.hasSuffix("0") ? "1" : "0")).status == 401)
        #expect(await setup.send(String(text.dropLast())).status == 401)
    }

    @Test func aRevokedTokenIsGoneAtOnce() async throws {
        let setup = try TokenSetup()
        let made = try await setup.create()
        #expect(await setup.send(made.text.text).status == 200)
        #expect(try await setup.tokens.revoke(made.token))
        let answer = try #require(await setup.send(made.text.text).response)
        #expect(answer.status == 401)
        #expect(answer.headers.first("www-authenticate")?.contains("error=\"invalid_token\"") ?? false)
    }

    @Test(arguments: [(59, 200), (60, 401), (61, 401)] as [(Int64, Int)])
    func anExpiredTokenIsRefused(later: Int64, status: Int) async throws {
        let setup = try TokenSetup()
        let made = try await setup.create(lifetime: 60)
        #expect(await setup.send(made.text.text).status == 200)
        setup.harness.advance(later)
        #expect(await setup.send(made.text.text).status == status)
    }

    @Test(arguments: [("GET", 200), ("HEAD", 200), ("OPTIONS", 200), ("POST", 403), ("DELETE", 403), ("get", 403)])
    func aReadingTokenOnlyReads(method: String, status: Int) async throws {
        let setup = try TokenSetup()
        let made = try await setup.create(access: .read)
        _ = await setup.send(made.text.text)
        let answer = await setup.send(made.text.text, method: method)
        #expect(answer.status == status)
        if status == 403 { #expect(answer.bodyText.contains("insufficient_scope")) }
    }

    @Test func groupsFollowTheNewestSignInWithinAMinute() async throws {
        let setup = try TokenSetup()
        let made = try await setup.create()
        #expect(await setup.send(made.text.text, target: "/admin/x").status == 200)
        try await setup.store.renew(Identity(issuer: "https://issuer", subject: "ada", claims: JSONObject([("groups", [])])))
        setup.harness.advance(60)
        #expect(await setup.send(made.text.text, target: "/admin/x").status == 403)
    }

    @Test func nobodyHasMoreThanTheLimit() async throws {
        let setup = try TokenSetup(perUser: 1)
        _ = try await setup.create()
        #expect(try await setup.tokens.create("2", access: .full, lifetime: 60, for: TokenSetup.ada) == nil)
    }

    @Test func noTokenLivesLongerThanTheLongest() async throws {
        let made = try await (try TokenSetup()).create(lifetime: .max)
        #expect(made.token.expiresAt.since(made.token.createdAt) == 90 * 86400)
    }

    @Test func unknownTokensFromOneNetworkHaveToWait() async throws {
        let setup = try TokenSetup()
        let other = try TokenSetup(perUser: 100)
        var last = 0
        for _ in 0..<61 { last = await setup.send(try await other.create().text.text).status }
        #expect(last == 429)
    }
}

struct MyTokensTests {
    private func page(_ setup: TokenSetup, _ browser: Browser, _ query: String = "", method: String = "GET") async -> Decision {
        await setup.harness.decide("/_gatehouse/tokens\(query)", browser, method: method)
    }

    /// The action of the form that is posted.
    private func action(_ decision: Decision) throws -> String {
        let text = decision.bodyText
        let start = try #require(text.firstRange(of: "method=\"post\" action=\"/_gatehouse/tokens")).upperBound
        return String(text[start...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
    }

    private func signedIn(_ setup: TokenSetup) async throws -> Browser {
        var browser = Browser()
        try await setup.harness.signIn(&browser)
        return browser
    }

    @Test func isForThoseWhoAreSignedIn() async throws {
        let setup = try TokenSetup()
        #expect(await page(setup, Browser()).redirection?.location.contains("/sign-in?rd=") ?? false)
        #expect(await page(setup, Browser(headers: [(name: "accept", value: "application/json")])).status == 401)
    }

    @Test func makesATokenInTwoStepsAndShowsItOnce() async throws {
        let setup = try TokenSetup()
        let browser = try await signedIn(setup)
        let asked = await page(setup, browser, "?name=ci&access=full&days=30")
        #expect(try await setup.tokens.list(.all, limit: 9).isEmpty)
        let made = await page(setup, browser, try action(asked), method: "POST")
        let text = try #require(
            made.bodyText.firstRange(of: "gh_pat_").map { String(made.bodyText[$0.lowerBound...].prefix(56)) })
        #expect(await setup.send(text).status == 200)
        let list = await page(setup, browser).bodyText
        #expect(list.contains("ci") && !list.contains(text))
    }

    @Test func revokesOneOfOnesOwn() async throws {
        let setup = try TokenSetup()
        let browser = try await signedIn(setup)
        _ = await page(setup, browser, try action(await page(setup, browser, "?name=ci&access=full&days=30")), method: "POST")
        let revoke = try action(await page(setup, browser))
        #expect(await page(setup, browser, revoke, method: "POST").redirection?.status == 303)
        #expect(try await setup.tokens.list(.all, limit: 9).isEmpty)
    }

    @Test func somebodyElsesIsOneThatIsNotThere() async throws {
        let setup = try TokenSetup()
        let other = try await setup.create()
        let browser = try await signedIn(setup)
        let asked = try action(await page(setup, browser, "?name=ci&access=full&days=30"))
        let confirm = try #require(FormFields(query: asked.dropFirst())?.first("confirm"))
        _ = await page(setup, browser, "?revoke=\(other.token.id)&confirm=\(confirm)", method: "POST")
        #expect(try await setup.tokens.list(.all, limit: 9).count == 1)
    }

    @Test func aFormOfAnotherSiteOrSessionDoesNothing() async throws {
        let setup = try TokenSetup()
        let browser = try await signedIn(setup)
        let asked = try action(await page(setup, browser, "?name=ci&access=full&days=30"))
        var elsewhere = browser
        elsewhere.headers.append((name: "sec-fetch-site", value: "cross-site"))
        _ = await page(setup, elsewhere, asked, method: "POST")
        _ = await page(setup, try await signedIn(setup), asked, method: "POST")
        _ = await page(setup, browser, "?name=ci&access=full&days=30", method: "POST")
        #expect(try await setup.tokens.list(.all, limit: 9).isEmpty)
    }

    @Test(arguments: [
        "?name=&access=full&days=30", "?name=a&access=all&days=30", "?name=a&access=full&days=0", "?name=a&access=full&days=x",
        "?name=a&name=b&access=full&days=30", "?name=a%0ab&access=full&days=30", "?name=%zz",
    ])
    func unreadableFieldsAreRefused(query: String) async throws {
        let setup = try TokenSetup()
        #expect(await page(setup, try await signedIn(setup), query).status == 400)
    }
}
