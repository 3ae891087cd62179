import Accounts
import AuthService
import JOSE
import OpenIDProvider
import Storage
import Synchronization
import Testing

/// What lies sealed in every store: what others see of it, and what is done where it does not open.
struct StoreSealingTests {
    private static let old = Secret(utf8: String(repeating: "o", count: 32))
    private static let new = Secret(utf8: String(repeating: "n", count: 32))

    /// The stores of a fixture as a program with these secrets has them.
    private struct Program {
        let sealing: StoreSealing
        let sessions: SealedSessionStore
        let upstream: SealedUpstreamStore
        let factors: SealedSecondFactorStore
        let connectors: SealedConnectorStore
        let told: Told

        init(_ fixture: StoreFixture, _ secrets: Secret...) {
            let told = Told()
            self.told = told
            sealing = StoreSealing(secrets: secrets) { told.add($0) }
            sessions = SealedSessionStore(fixture.sessions, sealing: sealing)
            upstream = SealedUpstreamStore(fixture.upstream, sealing: sealing)
            factors = SealedSecondFactorStore(fixture.secondFactors, sealing: sealing)
            connectors = SealedConnectorStore(fixture.connectors, sealing: sealing)
        }

        func reseal(_ fixture: StoreFixture) async throws -> Resealer.Outcome {
            try await Resealer(try #require(fixture.values), sealing: sealing, batch: 2, pause: .zero).run()
        }
    }

    private final class Told: Sendable {
        private let lines = Mutex<[String]>([])
        func add(_ line: String) { lines.withLock { $0.append(line) } }
        var count: Int { lines.withLock { $0.count } }
    }

    private func session(_ number: UInt8, version: Int64 = 1, access: String? = "access-token-of-corp") -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)), version: version,
            identity: Identity(issuer: "https://issuer", subject: "eve", claims: JSONObject([("email", "e@example.com")])),
            scope: "app", providerID: "corp", providerSessionID: "sid", authTime: UnixTime(seconds: 90),
            createdAt: UnixTime(seconds: 100), lastUsedAt: UnixTime(seconds: 100), expiresAt: UnixTime(seconds: 4_000_000_000),
            idToken: Secret(utf8: "id-token"), refreshToken: Secret(utf8: "refresh-token"),
            accessToken: access.map { Secret(utf8: $0) })
    }

    private func tokens(_ session: Session?) -> [String?] {
        [session?.idToken?.text, session?.refreshToken?.text, session?.accessToken?.text]
    }

    private let all: [String?] = ["id-token", "refresh-token", "access-token-of-corp"]

    private func upstream(_ id: String, _ sealed: String = "inner") -> UpstreamTokens {
        UpstreamTokens(accountID: id, sealed: sealed, expiresAt: UnixTime(seconds: 4_000_000_000))
    }

    private func factor(_ id: String, _ sealed: String = "inner") -> SecondFactor {
        SecondFactor(
            id: id, account: SecondFactorAccount(connectorID: "local", userID: id), kind: .totp, sealed: sealed,
            createdAt: UnixTime(seconds: 1))
    }

    private func connector(_ id: String, _ sealed: String = "inner", version: Int64 = 1) -> StoredConnector {
        StoredConnector(id: id, sealed: sealed, createdAt: UnixTime(seconds: 1), version: version)
    }

    private func stored(_ store: any ConnectorStore) async throws -> [StoredConnector] {
        try await store.documents(since: nil)?.documents ?? []
    }

    /// In a Redis whose keys are other tests', too, the first pages may be empty.
    private func first(_ kind: SealedKind, of values: any SealedValueStore) async throws -> SealedValue {
        var cursor: String?
        repeat {
            let page = try await values.sealedValues(kind, from: cursor, limit: 1000)
            if let value = page.values.first { return value }
            cursor = page.next
        } while cursor != nil
        return try #require(nil, "there is no such value")
    }

    @Test(arguments: StoreKind.allCases) func connectorsLieSealed(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let program = Program(fixture, Self.old)
        #expect(try await program.connectors.create(connector("a", "the secret of a")))
        #expect(try await !program.connectors.create(connector("a")))
        #expect(try await program.connectors.create(connector("ü")))
        for connector in try await stored(fixture.connectors) { #expect(RecordKeys.sealed(inText: connector.sealed)?.first == 2) }
        #expect(try await program.connectors.replace(connector("a", "another", version: 2)))
        #expect(try await !program.connectors.replace(connector("a", "late", version: 2)))
        #expect(try await !"\(stored(fixture.connectors))".contains("another"))
        let snapshot = try #require(try await program.connectors.documents(since: nil))
        #expect(snapshot.documents == [connector("a", "another", version: 2), connector("ü")])
        #expect(try await program.connectors.documents(since: snapshot.revision) == nil)
        #expect(try await program.connectors.delete(id: "a"))
        #expect(try await stored(program.connectors) == [connector("ü")] && program.told.count == 0)
    }

    @Test(arguments: StoreKind.allCases) func aConnectorThatNothingOpensIsLeftAsItIs(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let program = Program(fixture, Self.old)
        for id in ["a", "b", "c"] { #expect(try await program.connectors.create(connector(id))) }
        let sealed = try await stored(fixture.connectors)
        // Another's in its place, and one with a bit turned.
        #expect(try await fixture.connectors.replace(connector("b", sealed[0].sealed, version: 2)))
        let turned = sealed[2].sealed.dropLast(1) + (sealed[2].sealed.hasSuffix("A") ? "Q" : "A")
        #expect(try await fixture.connectors.replace(connector("c", String(turned), version: 2)))
        let lying = try await stored(fixture.connectors)
        let refused = [connector("b", "sealed:", version: 2), connector("c", "sealed:", version: 2)]
        #expect(try await stored(program.connectors) == [connector("a")] + refused)
        #expect(program.told.count == 1, "one line for the kind")
        // Whoever has no key, or another, opens nothing.
        let marks = [connector("a", "sealed:")] + refused
        for other in [Program(fixture), Program(fixture, Self.new)] {
            #expect(try await stored(other.connectors) == marks)
            if kind != .memory { #expect(try await other.reseal(fixture).fromOlderKeys == 0) }
        }
        if kind != .memory { #expect(try await program.reseal(fixture) == Resealer.Outcome()) }
        #expect(try await stored(fixture.connectors) == lying)
        #expect(try await program.connectors.replace(connector("b", "anew", version: 3)), "it can be written anew")
        #expect(try await stored(program.connectors)[1] == connector("b", "anew", version: 3))
    }

    @Test(arguments: [StoreKind.sqlite, .postgres]) func aDamagedConnectorKeepsNothingElseInClear(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        for id in ["a", "b"] { #expect(try await fixture.connectors.create(connector(id))) }
        try await fixture.execute("UPDATE connectors SET content = '{' WHERE id = 'a'")
        let program = Program(fixture, Self.old)
        #expect(try await program.reseal(fixture).fromClear == 1)
        try await fixture.execute("DELETE FROM connectors WHERE id = 'a'")
        #expect(try await stored(program.connectors) == [connector("b")])
        #expect(try await !"\(stored(fixture.connectors))".contains("inner"))
    }

    @Test(arguments: StoreKind.shared) func aConnectorThatIsChangedInTheMeantimeStays(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let values = try #require(fixture.values)
        let program = Program(fixture, Self.old)
        #expect(try await program.connectors.create(connector("a")))
        let value = try await first(.connector, of: values)
        // Made anew, it has the same version.
        #expect(try await program.connectors.delete(id: "a"))
        #expect(try await program.connectors.create(connector("a", "newer")))
        #expect(try await values.reseal(value, as: [2, 0]) == false)
        #expect(try await stored(program.connectors) == [connector("a", "newer")])
    }

    @Test(arguments: StoreKind.allCases) func tokensOfSessionsLieSealed(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let program = Program(fixture, Self.old)
        try await program.sessions.create(session(1))
        let stored = try #require(try await fixture.sessions.load(session(1).key))
        #expect(tokens(stored) == [nil, nil, nil] && stored.sealedTokens?.first == 2)
        #expect(tokens(try await program.sessions.load(session(1).key)) == all)
        #expect(try await program.sessions.replace(session(1, version: 2, access: "another")))
        let loaded = try await program.sessions.load(session(1).key)
        #expect(loaded?.accessToken?.text == "another" && loaded?.sealedTokens == nil)
        #expect(tokens(try await program.sessions.list(.all, limit: 9).first)[1] == "refresh-token")
        #expect(try await program.sessions.deleteAll(.all).map(\.refreshToken?.text) == ["refresh-token"])
        try await program.sessions.create(session(2))
        let notice = try #require(
            SignOutNotice(
                issuer: "https://issuer", subject: "eve", providerSessionID: nil, digest: Array(repeating: 1, count: 32),
                rememberUntil: UnixTime(seconds: 4_000_000_000)))
        guard case .ended(let ended) = try await program.sessions.signOut(notice, remembering: nil) else {
            Issue.record("nothing was ended")
            return
        }
        #expect(ended.map { tokens($0) } == [all])
    }

    @Test(arguments: StoreKind.allCases) func aValueOpensInNoOthersPlace(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let program = Program(fixture, Self.old)
        for number in UInt8(1)...2 { try await program.sessions.create(session(number)) }
        var moved = try #require(try await fixture.sessions.load(session(2).key))
        moved.sealedTokens = try await fixture.sessions.load(session(1).key)?.sealedTokens
        moved.version = 2
        #expect(try await fixture.sessions.replace(moved))
        #expect(try await program.sessions.load(session(1).key) != nil)
        #expect(try await program.sessions.load(session(2).key) == nil)
        let listed = try await program.sessions.list(.all, limit: 9)
        #expect(listed.count == 2, "it can be ended")
        #expect(listed.filter { $0.refreshToken == nil }.map(\.key) == [session(2).key])

        for id in ["a", "b"] { try await program.upstream.keep(upstream(id)) }
        var tokens = try #require(try await fixture.upstream.upstreamTokens(accountID: "b"))
        tokens.sealed = try await fixture.upstream.upstreamTokens(accountID: "a")?.sealed ?? ""
        try await fixture.upstream.keep(tokens)
        #expect(try await program.upstream.upstreamTokens(accountID: "a")?.sealed == "inner")
        #expect(
            try await program.upstream.upstreamTokens(accountID: "b")?.sealed == "sealed:", "nothing that could be asked with")

        #expect(try await program.factors.add([factor("a"), factor("b")]))
        var other = try #require(try await fixture.secondFactors.secondFactors(of: factor("b").account).first)
        other.sealed = try await fixture.secondFactors.secondFactors(of: factor("a").account).first?.sealed ?? ""
        other.version = 2
        #expect(try await fixture.secondFactors.replace(other))
        #expect(try await program.factors.secondFactors(of: factor("a").account).map(\.sealed) == ["inner"])
        // It is still there: without it somebody would get in with a password alone.
        let refused = try await program.factors.secondFactors(of: factor("b").account)
        #expect(refused.count == 1 && refused.first?.sealed.hasPrefix("sealed:") == true)
        #expect(program.told.count == 3, "one line for each kind")
    }

    @Test(arguments: StoreKind.shared) func keysAreReplacedByNewOnes(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let before = Program(fixture, Self.old)
        for number in UInt8(1)...5 { try await before.sessions.create(session(number)) }
        for id in ["a", "b", "ü"] { try await before.upstream.keep(upstream(id)) }
        #expect(try await before.factors.add([factor("a"), factor("b")]))
        for id in ["a", "b", "ü"] { #expect(try await before.connectors.create(connector(id))) }
        #expect(try await before.reseal(fixture) == Resealer.Outcome(), "all is by the first key")

        let between = Program(fixture, Self.new, Self.old)
        #expect(tokens(try await between.sessions.load(session(1).key)) == all)
        #expect(try await between.sessions.replace(session(1, version: 2)), "a write seals with the new one")
        let outcome = try await between.reseal(fixture)
        #expect(outcome.fromOlderKeys == 4 + 3 + 2 + 3 && outcome.needsFirstKeyOnly && outcome.unopened == 0)
        #expect(try await between.reseal(fixture) == Resealer.Outcome())

        let after = Program(fixture, Self.new)
        for number in UInt8(1)...5 { #expect(tokens(try await after.sessions.load(session(number).key)) == all) }
        #expect(try await after.sessions.load(session(2).key)?.version == 1, "nobody's change is disturbed")
        for id in ["a", "b", "ü"] { #expect(try await after.upstream.upstreamTokens(accountID: id) == upstream(id)) }
        #expect(try await after.factors.secondFactors(of: factor("b").account) == [factor("b")])
        #expect(try await stored(after.connectors) == ["a", "b", "ü"].map { connector($0) })
        #expect(try await before.sessions.load(session(2).key) == nil, "the old key is worth nothing any more")
        #expect(try await Program(fixture).sessions.load(session(2).key) == nil, "no key opens nothing")
    }

    @Test(arguments: StoreKind.shared) func whatLiesInClearIsSealedAndThenRefused(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        for number in UInt8(1)...3 { try await Program(fixture).sessions.create(session(number)) }
        try await Program(fixture).upstream.keep(upstream("a"))
        #expect(try await Program(fixture).connectors.create(connector("a")))
        #expect(tokens(try await fixture.sessions.load(session(1).key)) == all)

        let program = Program(fixture, Self.new)
        #expect(tokens(try await program.sessions.load(session(1).key)) == all)
        #expect(try await program.upstream.upstreamTokens(accountID: "a") == upstream("a"))
        #expect(try await stored(program.connectors) == [connector("a")])
        #expect(try await program.reseal(fixture).fromClear == 5)
        #expect(RecordKeys.sealed(inText: try await stored(fixture.connectors).first?.sealed ?? "")?.first == 2)
        for number in UInt8(1)...3 {
            #expect(tokens(try await fixture.sessions.load(session(number).key)) == [nil, nil, nil])
            #expect(tokens(try await program.sessions.load(session(number).key)) == all)
        }

        // From here on whatever lies in clear was put there by somebody else.
        program.sealing.refuseUnsealed()
        try await fixture.sessions.create(session(4))
        try await fixture.upstream.keep(upstream("b"))
        #expect(try await fixture.secondFactors.add([factor("b")]))
        #expect(try await fixture.connectors.create(connector("b")))
        #expect(try await program.sessions.load(session(4).key) == nil)
        #expect(try await stored(program.connectors) == [connector("a"), connector("b", "sealed:")])
        #expect(try await program.upstream.upstreamTokens(accountID: "b")?.sealed == "sealed:")
        #expect(try await program.factors.secondFactors(of: factor("b").account).map(\.sealed) == ["sealed:"])
        #expect(try await program.reseal(fixture) == Resealer.Outcome(unopened: 4))
        #expect(try await stored(fixture.connectors)[1] == connector("b"), "it is left as it is")
        #expect(tokens(try await program.sessions.load(session(1).key)) == all)
    }

    @Test(arguments: StoreKind.shared) func nothingInClearCountsOnceAllWasLookedThrough(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        try await Program(fixture).sessions.create(session(1))
        func started() async throws -> (program: Program, resealing: Resealing) {
            let program = Program(fixture, Self.new)
            let keys = SealedSigningKeyStore(fixture.signingKeys, former: [Self.new], sealing: program.sealing)
            let resealing = Resealing(
                try #require(fixture.values), sealing: program.sealing, keys: keys, notes: fixture.signingKeys)
            try await resealing?.begin()
            return (program, try #require(resealing))
        }
        let (program, resealing) = try await started()
        #expect(try await resealing.look(canClose: true).fromClear == 1)
        #expect(program.sealing.takesUnsealed && resealing.isNeeded, "there may be more")
        #expect(try await resealing.look(canClose: false) == Resealer.Outcome())
        #expect(program.sealing.takesUnsealed, "some replicas may have no key yet")
        #expect(try await resealing.look(canClose: true) == Resealer.Outcome())
        #expect(!program.sealing.takesUnsealed && !resealing.isNeeded)
        // Others that start learn it from the storage.
        let later = try await started().program
        try await fixture.sessions.create(session(2))
        #expect(try await later.sessions.load(session(2).key) == nil)
        #expect(tokens(try await later.sessions.load(session(1).key)) == all)
    }

    @Test(arguments: StoreKind.shared) func aChangeInTheMeantimeStays(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let values = try #require(fixture.values)
        try await Program(fixture, Self.old).sessions.create(session(1))
        let value = try await first(.session, of: values)
        let program = Program(fixture, Self.new, Self.old)
        #expect(try await program.sessions.replace(session(1, version: 2, access: "newer")))
        #expect(try await values.reseal(value, as: [2, 0]) == false)
        #expect(try await program.sessions.load(session(1).key)?.accessToken?.text == "newer")
    }
}

/// What signing keys in a store count.
struct SigningKeySealingTests {
    private func store(_ fixture: StoreFixture, _ sealing: StoreSealing, _ secrets: [Secret]) -> SealedSigningKeyStore {
        SealedSigningKeyStore(fixture.signingKeys, former: secrets, sealing: sealing)
    }

    private func key(_ purpose: String, _ text: String, at seconds: Int64 = 5) -> StoredSigningKey {
        StoredSigningKey(
            purpose: purpose, algorithm: .es256, material: Secret(utf8: text), createdAt: UnixTime(seconds: seconds))
    }

    @Test(arguments: StoreKind.allCases) func aKeyCountsInItsPlaceAlone(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let secrets = [Secret(utf8: String(repeating: "k", count: 32))]
        let sealing = StoreSealing(secrets: secrets)
        let store = store(fixture, sealing, secrets)
        try await store.addFirstSigningKey(key("provider", "material"))
        let stored = try #require(try await fixture.signingKeys.signingKeys(purpose: "provider").first)
        #expect(!stored.material.text.contains("material"))
        #expect(try await store.signingKeys(purpose: "provider").map(\.material.text) == ["material"])
        // The same bytes as a key for something else, or of another moment.
        for moved in [key("assertion", stored.material.text), key("dpop", stored.material.text, at: 6)] {
            try await fixture.signingKeys.addFirstSigningKey(moved)
            await #expect(throws: SealedSigningKeyStore.Unopened.self) {
                _ = try await store.signingKeys(purpose: moved.purpose)
            }
        }
    }

    @Test(arguments: StoreKind.allCases) func whatOneVersionBeforeHasSealedIsTiedToItsPlace(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let secrets = [Secret(utf8: String(repeating: "k", count: 32))]
        let former = try SealingKeys(secrets: secrets, purpose: "signing-keys").seal(Array("material".utf8))
        try await fixture.signingKeys.addFirstSigningKey(key("provider", "sealed:" + former))
        let sealing = StoreSealing(secrets: secrets)
        let store = store(fixture, sealing, secrets)
        #expect(try await store.signingKeys(purpose: "provider").map(\.material.text) == ["material"])
        let stored = try await fixture.signingKeys.signingKeys(purpose: "provider").first?.material.text
        #expect(stored.flatMap { RecordKeys.sealed(inText: $0) }?.first == 2, "its version")
        sealing.refuseUnsealed()
        #expect(try await store.signingKeys(purpose: "provider").map(\.material.text) == ["material"])
        // One in clear is somebody else's by now.
        try await fixture.signingKeys.addFirstSigningKey(key("assertion", "of somebody else"))
        #expect(try await store.signingKeys(purpose: "assertion").isEmpty)
    }
}
