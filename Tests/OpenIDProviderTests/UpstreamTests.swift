import JOSE
import OpenIDProvider
import Storage
import Synchronization
import Testing
import Web

/// Signing in elsewhere, at an upstream that a test commands.
@Suite struct UpstreamTests {
    /// Signs everybody in as `eve`, unless it is told otherwise.
    final class Upstream: UpstreamConnector {
        struct State {
            var replies = 0
            var refreshes: [String] = []
            var outcome: UpstreamOutcome?
            var refresh: UpstreamRefresh?
            var delay = Duration.zero
            /// Happens while the next refresh is asked for.
            var meanwhile: (@Sendable () async -> Void)?
        }

        let id = "corp"
        let name: String? = "Company account"
        let redirectURI: String?
        let state = Mutex(State())

        init(redirectURI: String? = nil) { self.redirectURI = redirectURI }

        static let eve = ConnectorUser(
            id: "eve", claims: JSONObject([("email", "eve@example.org"), ("email_verified", true), ("groups", ["a"])]))

        func authorizationURL(for request: UpstreamRequest) async throws(UpstreamFailed) -> String {
            QueryString([
                (name: "state", value: request.state), (name: "nonce", value: request.nonce),
                (name: "redirect_uri", value: request.redirectURI), (name: "verifier", value: request.codeVerifier.text),
            ]).appending(to: "https://up.example.com/authorize")
        }

        func signIn(_ reply: UpstreamReply, to request: UpstreamRequest) async -> UpstreamOutcome {
            state.withLock {
                $0.replies += 1
                return $0.outcome ?? .authenticated(UpstreamUser(user: Self.eve, kept: Secret(utf8: "kept-1")))
            }
        }

        func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh {
            try? await Task.sleep(for: state.withLock { $0.delay })
            let meanwhile = state.withLock { state in
                defer { state.meanwhile = nil }
                return state.meanwhile
            }
            await meanwhile?()
            return state.withLock {
                if let outcome = $0.refresh { return outcome }
                // Each is good once.
                let isNew = !$0.refreshes.contains(kept.text)
                $0.refreshes.append(kept.text)
                return isNew ? .current(user, kept: Secret(utf8: "kept-\($0.refreshes.count + 1)")) : .gone
            }
        }
    }

    private let upstream: Upstream
    private let provider: TestProvider
    private let browser: SSOBrowser

    init() throws {
        upstream = Upstream()
        provider = try TestProvider(others: [upstream])
        browser = SSOBrowser(provider)
    }

    /// What the upstream is asked with.
    private func asked(_ browser: SSOBrowser, _ changes: [String: String] = [:]) async throws -> [String: String] {
        let response = await browser.authorize(changes, at: "/auth/corp")
        #expect(response.headers.first("location")?.hasPrefix("https://up.example.com/authorize?") == true)
        return try TestProvider.redirectFields(response)
    }

    private func reply(_ state: String, at path: String = "/callback", _ more: String = "&code=c") -> String {
        QueryString([(name: "state", value: state)]).appending(to: path) + more
    }

    private func signedIn(_ browser: SSOBrowser) async throws -> [String: String] {
        let state = try #require(try await asked(browser)["state"])
        return try TestProvider.redirectFields(await browser.get(reply(state)))
    }

    private func tokens(_ code: String) async throws -> JSONObject {
        let response = await provider.post(
            "/token", TestProvider.codeRequest(code).compactMapValues { $0 },
            headers: TestProvider.basic("app", TestProvider.secret))
        #expect(response.status == 200)
        return try #require(try JSONReader.read(response.body).object)
    }

    private func refresh(_ tokens: JSONObject) async throws -> (status: Int, json: JSONObject) {
        let response = await provider.post(
            "/token", ["grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]?.string ?? ""],
            headers: TestProvider.basic("app", TestProvider.secret))
        return (response.status, try #require(try JSONReader.read(response.body).object))
    }

    @Test func theWholeWay() async throws {
        let asked = try await asked(browser)
        #expect(asked["redirect_uri"] == TestProvider.issuer + "/callback")
        #expect(asked["nonce"]?.count == 43 && asked["verifier"]?.count == 43 && asked["nonce"] != asked["verifier"])
        let answer = try TestProvider.redirectFields(await browser.get(reply(asked["state"] ?? "")))
        #expect(answer["state"] == "st&te" && answer["code"] != nil)
    }

    @Test func aStateIsGoodOnceInItsBrowserAtItsConnector() async throws {
        let state = try #require(try await asked(browser)["state"])
        let stranger = SSOBrowser(provider)
        _ = try await asked(stranger)
        for response in [
            await stranger.get(reply(state)), await SSOBrowser(provider).get(reply(state)),
            await browser.get(reply(state, at: "/callback/other")), await browser.get(reply(state + "A")),
            await browser.get(reply(state) + "&code=d"), await browser.get("/callback"),
        ] {
            #expect(response.status == 400)
        }
        #expect(upstream.state.withLock { $0.replies } == 0)
        #expect(await browser.get(reply(state, at: "/callback/corp")).status == 303)
        #expect(await browser.get(reply(state)).status == 400)
        #expect(upstream.state.withLock { $0.replies } == 1)
    }

    @Test func aStateEndsAfterAnHour() async throws {
        let state = try #require(try await asked(browser)["state"])
        provider.clock.move(by: 3600)
        #expect(await browser.get(reply(state)).status == 400)
        #expect(upstream.state.withLock { $0.replies } == 0)
    }

    @Test(
        arguments: [
            (.refused(UpstreamRefusal(.denied, "no")), 403), (.refused(UpstreamRefusal(.notAdmitted, "no")), 403),
            (.refused(UpstreamRefusal(.email, "no")), 403), (.refused(UpstreamRefusal(.reply, "no")), 400),
            (.failed(UpstreamFailed(detail: "down", retryAfter: 17)), 503),
        ] as [(UpstreamOutcome, Int)])
    func whoIsNotSignedInSeesAPage(_ outcome: UpstreamOutcome, status: Int) async throws {
        upstream.state.withLock { $0.outcome = outcome }
        let state = try #require(try await asked(browser)["state"])
        let response = await browser.get(reply(state))
        #expect(response.status == status && response.headers.first("retry-after") == (status == 503 ? "17" : nil))
        #expect(browser.cookies.keys.allSatisfy { !$0.contains("sso") })
        // The same reply may come once more, when it was not the upstream's last word.
        upstream.state.withLock { $0.outcome = nil }
        #expect(await browser.get(reply(state)).status == 303)
    }

    @Test func onlySoManyRepliesHaveTheUpstreamAsked() async throws {
        upstream.state.withLock { $0.outcome = .refused(UpstreamRefusal(.denied, "no")) }
        let state = try #require(try await asked(browser)["state"])
        for _ in 0..<605 { _ = await browser.get(reply(state)) }
        #expect(upstream.state.withLock { $0.replies } == 600)
        #expect(await browser.get(reply(state)).status == 503)
        provider.clock.move(by: 60)
        #expect(await browser.get(reply(state)).status == 403)
    }

    @Test func afterAFormALinkLeadsThere() async throws {
        _ = try await signedIn(browser)
        let choice = await browser.authorize(["prompt": "select_account"], at: "/auth/corp")
        let page = try await browser.submit(choice, ["account": ""])
        #expect(page.status == 200 && page.headers.first("location") == nil)
        #expect(page.text.contains("href=\"/dex/auth/corp/login?request="))
    }

    @Test func manyGrantsOfOneAccountAskOneAfterTheOther() async throws {
        var grants = [try await tokens(try await signedIn(browser)["code"] ?? "")]
        for _ in 0..<3 {
            let answer = try TestProvider.redirectFields(await browser.authorize(at: "/auth/corp"))
            grants.append(try await tokens(answer["code"] ?? ""))
        }
        upstream.state.withLock { $0.delay = .milliseconds(50) }
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for grant in grants { group.addTask { try await refresh(grant).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses == [200, 200, 200, 200])
        let kept = upstream.state.withLock { $0.refreshes }
        #expect(Set(kept).count == kept.count, "none is used twice")
    }

    /// They would be given what the sign-in had told, as if the upstream had said so now.
    @Test func whoHasWaitedForAQuestionThatFailedAsksAgain() async throws {
        let first = try await tokens(try await signedIn(browser)["code"] ?? "")
        let second = try await tokens(
            try TestProvider.redirectFields(await browser.authorize(at: "/auth/corp"))["code"] ?? "")
        let asked = Mutex(0)
        let waiting = Mutex<Task<Int, any Error>?>(nil)
        let failure = UpstreamRefresh.failed(UpstreamFailed(detail: "down"), kept: Secret(utf8: "kept-new"))
        upstream.state.withLock { state in
            state.refresh = failure
            state.meanwhile = {
                asked.withLock { $0 += 1 }
                waiting.withLock { $0 = Task { try await refresh(second).status } }
                // It finds the row claimed.
                try? await Task.sleep(for: .milliseconds(300))
                upstream.state.withLock { $0.meanwhile = { asked.withLock { $0 += 1 } } }
            }
        }
        #expect(try await refresh(first).status == 503)
        #expect(try await waiting.withLock { $0 }?.value == 503)
        #expect(asked.withLock { $0 } == 2)
        upstream.state.withLock { $0.refresh = nil }
        #expect(try await refresh(second).status == 200)
    }

    /// The row of the grant's account.
    private func row(_ tokens: JSONObject) async throws -> UpstreamTokens {
        let token = try JSONWebSignature(compact: tokens["id_token"]?.string ?? "")
        return try #require(try await provider.upstream.upstreamTokens(accountID: token.claims["sid"]?.string ?? ""))
    }

    @Test func aClaimOutlivesAllThatAskingMayTake() async throws {
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        let left = Mutex<Int64>(0)
        upstream.state.withLock {
            $0.meanwhile = {
                let until = try? await row(grant).claimedUntil
                left.withLock { $0 = until?.since(provider.clock.now) ?? 0 }
            }
        }
        #expect(try await refresh(grant).status == 200)
        #expect(left.withLock { $0 } >= 90)
        #expect(try await row(grant).claimedUntil == nil)
    }

    @Test func whatIsNewIsWrittenOverAClaimOfTheOld() async throws {
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        upstream.state.withLock {
            $0.meanwhile = {
                guard var claimed = try? await row(grant) else { return }
                claimed.version += 1
                _ = try? await provider.upstream.replace(claimed)
            }
        }
        let before = try await row(grant)
        #expect(try await refresh(grant).status == 200)
        let after = try await row(grant)
        #expect(after.version == before.version + 3 && after.sealed != before.sealed)
        #expect(upstream.state.withLock { $0.refreshes } == ["kept-1"])
    }

    @Test func whoFindsTheirTokenUsedUpByAnotherEndsNothing() async throws {
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        let other = try await tokens(
            try TestProvider.redirectFields(await browser.authorize(at: "/auth/corp"))["code"] ?? "")
        upstream.state.withLock {
            $0.meanwhile = {
                provider.clock.move(by: 600)
                let status = try? await refresh(other).status
                #expect(status == 200)
            }
        }
        #expect(try await refresh(grant).status == 503)
        #expect(try await refresh(other).status == 200)
    }

    @Test func whoIsGoneIsGoneForAllGrants() async throws {
        let first = try await tokens(try await signedIn(browser)["code"] ?? "")
        let answer = try TestProvider.redirectFields(await browser.authorize(at: "/auth/corp"))
        let second = try await tokens(answer["code"] ?? "")
        upstream.state.withLock { $0.refresh = .gone }
        #expect(try await refresh(first).json["error"] == "invalid_grant")
        upstream.state.withLock { $0.refresh = nil }
        #expect(try await refresh(second).json["error"] == "invalid_grant")
        #expect(await browser.authorize(at: "/auth/corp").headers.first("location")?.hasPrefix("https://up.example.com") == true)
    }

    @Test func anUpstreamThatIsAwayEndsNothing() async throws {
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        upstream.state.withLock { $0.refresh = .failed(UpstreamFailed(detail: "down")) }
        #expect(try await refresh(grant).status == 503)
        upstream.state.withLock { $0.refresh = nil }
        #expect(try await refresh(grant).status == 200)
    }

    /// The old refresh token is spent by then.
    @Test func newTokensOfAnUpstreamThatThenFailsAreKept() async throws {
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        upstream.state.withLock { $0.refresh = .failed(UpstreamFailed(detail: "down"), kept: Secret(utf8: "kept-new")) }
        #expect(try await refresh(grant).status == 503)
        upstream.state.withLock { $0.refresh = nil }
        #expect(try await refresh(grant).status == 200)
        #expect(upstream.state.withLock { $0.refreshes } == ["kept-new"])
    }

    @Test func withoutAnythingKeptTheUpstreamIsNotAsked() async throws {
        upstream.state.withLock { $0.outcome = .authenticated(UpstreamUser(user: Upstream.eve)) }
        let grant = try await tokens(try await signedIn(browser)["code"] ?? "")
        #expect(try await refresh(grant).status == 200)
        #expect(upstream.state.withLock { $0.refreshes } == [])
    }
}
