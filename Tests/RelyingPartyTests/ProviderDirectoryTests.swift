import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

struct ProviderDirectoryTests {
    private static let discovery = "/.well-known/openid-configuration"
    private let setup: SignInSetup
    private let directory: ProviderDirectory

    init() throws {
        setup = try SignInSetup()
        directory = setup.relyingParty().directory
    }

    private func kind(_ work: () async throws(UpstreamFailure) -> Void) async -> UpstreamFailure.Kind? {
        do throws(UpstreamFailure) { try await work() } catch { return error.kind }
        return nil
    }

    private func metadataFailure() async -> UpstreamFailure.Kind? {
        await kind { () async throws(UpstreamFailure) in _ = try await directory.metadata() }
    }

    @Test func isFetchedOnlyWhenNeeded() async throws {
        #expect(directory.cachedMetadata == nil && setup.provider.requests.isEmpty)
        _ = try await directory.metadata()
        #expect(directory.cachedMetadata?.issuer == setup.provider.issuer)
    }

    @Test(arguments: [(3599, 1), (3600, 2)] as [(Int64, Int)])
    func metadataAreKeptForAnHour(age: Int64, fetches: Int) async throws {
        _ = try await directory.metadata()
        setup.clock.advance(age)
        _ = try await directory.metadata()
        #expect(setup.provider.count(Self.discovery) == fetches)
    }

    @Test func manyCallersShareOneFetch() async throws {
        let gate = GatedExchange(
            EmbeddedProviderExchange(issuer: setup.provider.issuer) { [setup] in setup.provider.respond($0) })
        let directory = ProviderDirectory(issuer: setup.provider.issuer, exchange: gate, clock: setup.clock.clock)
        let issuers = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await directory.metadata().issuer } }
            await gate.open(afterRequests: 1)
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(issuers.count == 50 && setup.provider.count(Self.discovery) == 1)
    }

    @Test(arguments: [(3600, true), (24 * 3600 - 1, true), (24 * 3600, false)] as [(Int64, Bool)])
    func staleMetadataServeForADay(age: Int64, serves: Bool) async throws {
        _ = try await directory.metadata()
        setup.provider.change { $0.pathsDown = [Self.discovery] }
        setup.clock.advance(age)
        #expect(await metadataFailure() == (serves ? nil : .status(503)))
        #expect((directory.cachedMetadata != nil) == serves)
    }

    @Test(arguments: [(4, 1), (5, 2)] as [(Int64, Int)])
    func failedFetchIsRepeatedAfterABackOff(wait: Int64, fetches: Int) async {
        setup.provider.change { $0.pathsDown = [Self.discovery] }
        #expect(await metadataFailure() == .status(503))
        setup.clock.advance(wait)
        #expect(await metadataFailure() == .status(503))
        #expect(setup.provider.count(Self.discovery) == fetches)
    }

    @Test func recoversAlone() async throws {
        setup.provider.change { $0.pathsDown = [Self.discovery] }
        #expect(await metadataFailure() != nil)
        setup.provider.change { $0.pathsDown = [] }
        setup.clock.advance(5)
        #expect(await metadataFailure() == nil)
    }

    @Test func clockThatGoesBackDoesNotHoldFetchesUp() async {
        setup.provider.change { $0.pathsDown = [Self.discovery] }
        #expect(await metadataFailure() != nil)
        setup.provider.change { $0.pathsDown = [] }
        setup.clock.advance(-3600)
        #expect(await metadataFailure() == nil)
    }

    @Test(
        arguments: [
            ("issuer", "https://issuer.example/dex/"), ("issuer", "https://other.example"), ("issuer", nil),
            ("token_endpoint", "http://issuer.example/token"), ("token_endpoint", nil), ("token_endpoint", "/token"),
            ("authorization_endpoint", "javascript:alert(1)"), ("jwks_uri", "file:///etc/passwd"),
            ("jwks_uri", "https://issuer.example@evil.example/"), ("userinfo_endpoint", "http://127.0.0.1.evil.example/"),
            ("end_session_endpoint", "https://issuer.example/logout#x"), ("jwks_uri", "https://issuer.example\\@evil.example/"),
        ] as [(String, String?)])
    func metadataAreRefused(member: String, value: String?) async {
        setup.provider.change { $0.metadata[member] = value.map { .string($0) } ?? .null }
        #expect(await metadataFailure() == .malformed)
    }

    @Test func slashAtTheEndOfTheIssuerIsNotDoubled() async throws {
        setup.provider.change { $0.issuer = "https://issuer.example/" }
        let exchange = EmbeddedProviderExchange(issuer: "https://issuer.example/") { _ in WebResponse(status: 404) }
        let counting = GatedExchange(exchange)
        await counting.open(afterRequests: 0)
        let directory = ProviderDirectory(issuer: "https://issuer.example/", exchange: counting, clock: setup.clock.clock)
        _ = try? await directory.metadata()
        #expect(await counting.urls == ["https://issuer.example/.well-known/openid-configuration"])
    }

    @Test(arguments: [(599, 1), (600, 2)] as [(Int64, Int)])
    func keysAreKeptForTenMinutes(age: Int64, fetches: Int) async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        setup.clock.advance(age)
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        #expect(setup.provider.count("/keys") == fetches)
    }

    @Test func newKeyIsFoundAtOnce() async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        let next = try SigningKey.generate(.es256)
        setup.provider.change { $0.publishedKeys.append(next) }
        #expect(try await directory.key(id: next.id, algorithm: .es256)?.id == next.id)
    }

    @Test(arguments: [(59, 2), (60, 3)] as [(Int64, Int)])
    func unknownKeysAreAskedForOnceAMinute(wait: Int64, fetches: Int) async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        for number in 0..<10 { _ = try await directory.key(id: "unknown-\(number)", algorithm: .es256) }
        setup.clock.advance(wait)
        for number in 0..<10 { _ = try await directory.key(id: "other-\(number)", algorithm: .es256) }
        #expect(setup.provider.count("/keys") == fetches)
    }

    @Test func whoWantsToKnowIsToldOfNow() async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        try await directory.fetchAnew()
        #expect(setup.provider.count(Self.discovery) == 2 && setup.provider.count("/keys") == 2)
        // What a token with a new key may have fetched is untouched by it.
        _ = try await directory.key(id: "unknown", algorithm: .es256)
        #expect(setup.provider.count("/keys") == 3)
        for path in [Self.discovery, "/keys"] {
            setup.provider.change { $0.pathsDown = [path] }
            #expect(await kind { () async throws(UpstreamFailure) in try await directory.fetchAnew() } == .status(503))
        }
        #expect(try await directory.key(id: setup.provider.key.id, algorithm: .es256) != nil, "what is kept still serves")
    }

    @Test func unknownKeyWhileKeysAreAwayIsAFailureNotARefusal() async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        setup.provider.change { $0.pathsDown = ["/keys"] }
        let failure = await kind { () async throws(UpstreamFailure) in
            _ = try await directory.key(id: "unknown", algorithm: .es256)
        }
        #expect(failure == .status(503))
    }

    @Test(arguments: [(3599, true), (3600, false)] as [(Int64, Bool)])
    func staleKeysServeForAnHour(age: Int64, serves: Bool) async throws {
        _ = try await directory.key(id: setup.provider.key.id, algorithm: .es256)
        setup.provider.change { $0.pathsDown = ["/keys"] }
        setup.clock.advance(age)
        let key = try? await directory.key(id: setup.provider.key.id, algorithm: .es256)
        #expect((key != nil) == serves)
    }

    @Test func tenThousandUnknownKeysAreLookedForTwice() async throws {
        for number in 0..<10_000 {
            #expect(try await directory.key(id: "bad-\(number)", algorithm: .es256) == nil)
        }
        #expect(setup.provider.count("/keys") == 2)
        setup.clock.advance(60)
        #expect(try await directory.key(id: "bad", algorithm: .es256) == nil)
        #expect(setup.provider.count("/keys") == 3)
    }
}
