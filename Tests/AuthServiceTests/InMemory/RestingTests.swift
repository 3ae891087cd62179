import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// Sessions that rest between two checks: 64 are awake at a time, one in each part of the cache.
struct RestingTests {
    private static let people = 300

    private static func signedIn(_ harness: Harness) async throws -> [Browser] {
        var browsers: [Browser] = []
        for _ in 0..<people {
            var browser = Browser()
            try await harness.signIn(&browser)
            browsers.append(browser)
        }
        return browsers
    }

    /// The reply's bytes, in a form that only tests know.
    private static func reply(_ harness: Harness, _ target: String, _ browser: Browser, forGRPC: Bool = false) async throws
        -> String
    {
        let decision = await harness.decide(browser.request(target), carriesPages: forGRPC)
        let grant = try #require(decision.accepted).grant
        let written = forGRPC ? grant.writtenForGRPC { write($0, "g:") } : grant.writtenForHTTP { write($0, "h:") }
        #expect(written.isSound)
        return String(decoding: written.headers + written.metadata, as: UTF8.self)
    }

    private static func write(_ grant: AcceptedGrant, _ mark: String) -> WrittenGrant {
        let lines = grant.headersToSet.map { "\($0.name): \($0.value)\n" } + grant.headersToRemove.map { "-\($0)\n" }
        return WrittenGrant(
            headers: Array((mark + lines.joined()).utf8), metadata: grant.metadata.isEmpty ? [] : Array("m".utf8), isSound: true)
    }

    private static func assertion(_ reply: String) throws -> String {
        let line = try #require(reply.split(separator: "\n").first { $0.contains("x-gatehouse-assertion: ") })
        return String(try #require(line.split(separator: " ").last))
    }

    /// The signature is another each time that one is made: the same reply is the one of before.
    @Test(arguments: [false, true])
    func whatSomebodyIsGrantedOutlivesTheRest(forGRPC: Bool) async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        var first: [String] = []
        for browser in browsers { first.append(try await Self.reply(harness, "/page", browser, forGRPC: forGRPC)) }
        #expect(first[0].contains("kubeflow-userid: admin@example.com\n"))
        // From memory alone.
        harness.store.isDown.withLock { $0 = true }
        for (browser, granted) in zip(browsers, first) {
            #expect(try await Self.reply(harness, "/page", browser, forGRPC: forGRPC) == granted)
        }
        #expect(Set(first).count == Self.people)
    }

    /// One that rests was written for one kind of gateway, and another kind asks.
    @Test func anotherKindOfGatewayIsAnsweredAsWell() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for _ in 0..<2 {
            for (mark, forGRPC) in [("h:", false), ("g:", true)] {
                for browser in browsers {
                    let reply = try await Self.reply(harness, "/page", browser, forGRPC: forGRPC)
                    #expect(reply.hasPrefix(mark) && reply.contains("kubeflow-userid: admin@example.com\n"))
                    #expect(reply.hasSuffix("m"))
                }
            }
        }
    }

    @Test func theAssertionOfOneThatRestedVerifies() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        let key = try #require(harness.signer.published.keys.first)
        for browser in browsers {
            let token = try JSONWebSignature(compact: try Self.assertion(await Self.reply(harness, "/page", browser)))
            #expect(token.isSigned(by: key, algorithm: .es256))
        }
    }

    @Test func itIsSignedAnewWhenItIsTime() async throws {
        let harness = try Harness(lifeInMemory: 100_000, holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        var first: [String] = []
        for browser in browsers { first.append(try Self.assertion(await Self.reply(harness, "/page", browser))) }
        harness.advance(199)
        for (browser, assertion) in zip(browsers, first) {
            #expect(try Self.assertion(await Self.reply(harness, "/page", browser)) == assertion)
        }
        harness.advance(1)
        for (browser, assertion) in zip(browsers, first) {
            #expect(try Self.assertion(await Self.reply(harness, "/page", browser)) != assertion)
        }
    }

    /// A rule that refused goes on to do so, and what one rule grants is not another's.
    @Test func whatSomebodyIsRefusedStaysRefused() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for _ in 0..<2 {
            for browser in browsers {
                _ = try await Self.reply(harness, "/page", browser)
                #expect(await harness.decide("/payroll/x", browser).rejection?.kind == .forbidden)
            }
        }
    }

    @Test func itIsNobodysOnAnotherHost() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        for var browser in browsers {
            browser.authority = "other.example.net"
            #expect(await harness.decide("/page", browser).redirection != nil)
        }
    }

    /// At most once a minute, as for those that do not rest.
    @Test func theUseOfOneThatRestsIsWrittenDown() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        harness.advance(59)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        try await harness.sessions.writeUses()
        #expect(harness.store.touched.withLock { $0 } == 0)
        harness.advance(1)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        try await harness.sessions.writeUses()
        #expect(harness.store.touched.withLock { $0 } == Self.people)
    }

    @Test func aSessionThatEndsAtRestHasEnded() async throws {
        let harness = try Harness(holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        let ended = try await harness.sessions.endAll(.named("admin@example.com"))
        #expect(ended.count == Self.people)
        for browser in browsers { #expect(await harness.decide("/page", browser).redirection != nil) }
    }

    @Test func aSessionThatIsNotUsedEndsAtRest() async throws {
        let harness = try Harness(lifeInMemory: 100_000, holdsTokens: false, maximumAwake: 64)
        let browsers = try await Self.signedIn(harness)
        for browser in browsers { _ = try await Self.reply(harness, "/page", browser) }
        harness.advance(1800)
        let (busy, idle) = (browsers.prefix(Self.people / 2), browsers.suffix(Self.people / 2))
        for browser in busy { _ = try await Self.reply(harness, "/page", browser) }
        harness.advance(1801)
        for browser in busy { #expect(await harness.decide("/page", browser).accepted != nil) }
        for browser in idle { #expect(await harness.decide("/page", browser).redirection != nil) }
    }

    /// Of them memory has none; the store is asked.
    @Test func theProvidersTokensAreTheStores() async throws {
        let harness = try Harness(holdsTokens: false)
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        let page = await harness.decide("/_gatehouse/sign-out", browser)
        #expect(page.page?.status == 200)
        harness.store.isDown.withLock { $0 = true }
        #expect(await harness.decide("/_gatehouse/sign-out", browser).rejection?.kind == .unavailable)
    }
}
