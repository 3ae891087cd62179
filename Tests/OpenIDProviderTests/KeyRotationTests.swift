import JOSE
import OpenIDProvider
import Storage
import Testing
import Web

/// Keys change while tokens are out (P4).
struct KeyRotationTests {
    private static let schedule = KeySchedule(rotateAfter: 86400, publishAhead: 7200, keepAfter: 3600)

    private func keyring(_ store: any SigningKeyStore, _ clock: TestClock) async throws -> RotatingKeyring {
        try await RotatingKeyring.load(
            purpose: "provider", algorithms: [.rs256, .es256, .edDSA], schedule: Self.schedule, from: store,
            clock: WallClock { clock.now })
    }

    /// Looks at the keys every 20 minutes, and never in between.
    private struct CachingClient {
        private var keys = JSONWebKeySet(keys: [])
        private var fetchedAt: Int64 = 0

        mutating func verify(_ token: String, _ provider: TestProvider) async throws -> Bool {
            if provider.clock.now.seconds - fetchedAt >= 1200 {
                keys = try #require(JSONWebKeySet(json: .object(try await provider.get("/keys").json())))
                fetchedAt = provider.clock.now.seconds
            }
            let token = try JSONWebSignature(compact: token)
            guard let algorithm = token.algorithmName.flatMap(SignatureAlgorithm.init(rawValue:)),
                let key = keys.key(id: token.keyID, algorithm: algorithm)
            else { return false }
            return token.isSigned(by: key, algorithm: algorithm)
        }
    }

    @Test func aClientThatKeepsTheKeysForTwentyMinutesSeesNoFailureOverThreeRotations() async throws {
        let clock = TestClock()
        let keys = try await keyring(MemorySigningKeyStore(), clock)
        let provider = try TestProvider(keys: keys, clock: clock)
        var client = CachingClient()
        var refresh = try await provider.tokens().refresh ?? ""
        var older: [(token: String, until: Int64)] = []
        var kids: Set<String?> = []
        // Every seven minutes, out of step with the client's twenty.
        for _ in 0..<(4 * 86400 / 420) {
            clock.move(by: 420)
            _ = try await keys.refresh()
            let tokens = try Tokens(await provider.refresh(refresh))
            refresh = tokens.refresh ?? ""
            older = older.filter { $0.until > clock.now.seconds } + [(tokens.id, clock.now.seconds + 3600)]
            kids.insert(try JSONWebSignature(compact: tokens.id).keyID)
            for (token, _) in older { #expect(try await client.verify(token, provider)) }
            #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 200)
        }
        #expect(kids.count >= 4, "three rotations")
        #expect(keys.current.published.keys.count <= 9, "three of each at most")
    }

    @Test func aKeyIsPublishedBeforeItSigns() async throws {
        let (store, clock) = (MemorySigningKeyStore(), TestClock())
        let keys = try await keyring(store, clock)
        let first = keys.current.key(.es256)?.id
        clock.move(by: 86400)
        #expect(try await keys.refresh().added.count == 3)
        #expect(keys.current.published.keys.count == 6)
        #expect(keys.current.key(.es256)?.id == first)
        #expect(try await keys.list().filter { $0.algorithm == .es256 }.map(\.state) == [.signing, .next])
        clock.move(by: 7200)
        #expect(try await keys.refresh().isNothing)
        #expect(keys.current.key(.es256)?.id != first)
        #expect(try await keys.list().filter { $0.algorithm == .es256 }.map(\.state) == [.retired, .signing])
        clock.move(by: 3600)
        #expect(try await keys.refresh().removed == 3)
        #expect(keys.current.published.keys.allSatisfy { $0.id != first })
    }

    @Test func replicasRotateOnceAndFollowEachOther() async throws {
        let (store, clock) = (MemorySigningKeyStore(), TestClock())
        let replicas = [try await keyring(store, clock), try await keyring(store, clock)]
        clock.move(by: 86400)
        let added = try await withThrowingTaskGroup(of: Int.self) { group in
            for replica in replicas { group.addTask { try await replica.refresh().added.count } }
            return try await group.reduce(0, +)
        }
        #expect(added == 3)
        for replica in replicas { _ = try await replica.refresh() }
        let published = replicas.map { $0.current.published.keys.compactMap(\.id) }
        #expect(published[0] == published[1] && published[0].count == 6)
    }

    @Test func atOnceForgetsTheOldOnes() async throws {
        let (store, clock) = (MemorySigningKeyStore(), TestClock())
        let keys = try await keyring(store, clock)
        let provider = try TestProvider(keys: keys, clock: clock)
        let tokens = try await provider.tokens()
        #expect(try await keys.rotate(atOnce: true).removed == 3)
        #expect(keys.current.published.keys.count == 3)
        #expect(await provider.get("/userinfo", headers: tokens.bearer).status == 401)
        #expect(await provider.get("/userinfo", headers: try await provider.tokens().bearer).status == 200)
    }

    @Test func keysLieEncryptedWhereASecretIsThere() async throws {
        let (store, clock) = (MemorySigningKeyStore(), TestClock())
        _ = try await keyring(store, clock)
        func sealing(_ letters: String...) -> SealedSigningKeyStore {
            let secrets = letters.map { Secret(utf8: String(repeating: $0, count: 32)) }
            return SealedSigningKeyStore(store, former: secrets, sealing: StoreSealing(secrets: secrets))
        }
        let sealed = sealing("k")
        // Those that were in clear are encrypted at the first reading.
        let ids = try await keyring(sealed, clock).current.published.keys.compactMap(\.id)
        #expect(ids.count == 3)
        for key in try await store.signingKeys(purpose: "provider") {
            #expect(key.material.bytes.starts(with: Array("sealed:".utf8)))
        }
        #expect(try await keyring(sealed, clock).current.published.keys.compactMap(\.id) == ids)
        await #expect(throws: SealedSigningKeyStore.Unopened.self) {
            _ = try await keyring(sealing(), clock)
        }
        await #expect(throws: SealedSigningKeyStore.Unopened.self) {
            _ = try await keyring(sealing("o"), clock)
        }
        // Another first secret: the old one is needed once.
        #expect(try await keyring(sealing("n", "k"), clock).current.published.keys.compactMap(\.id) == ids)
        #expect(try await keyring(sealing("n"), clock).current.published.keys.compactMap(\.id) == ids)
    }
}
