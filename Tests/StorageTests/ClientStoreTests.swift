import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// What every store of clients must do.
struct ClientStoreTests {
    private func client(_ id: String, version: Int64 = 1, name: String = "A \"name\"", secrets: [UInt8] = [1, 2]) -> StoredClient
    {
        var description = ClientDescription()
        (description.name, description.redirectURIs) = (name, ["https://app.example.com/cb"])
        (description.scopes, description.groups, description.skipsConsent) = (["openid", "own:read"], [], false)
        (description.grantTypes, description.accessTokenFormat) = ([.authorizationCode, .tokenExchange], .opaque)
        let known = secrets.map { number in
            StoredClient.KnownSecret(
                id: "s\(number)", digest: SecretDigest(bytes: Array(repeating: number, count: 32)),
                createdAt: UnixTime(seconds: 7))
        }
        return StoredClient(
            id: id, description: description, secrets: known, createdAt: UnixTime(seconds: 100), version: version)
    }

    @Test(arguments: StoreKind.allCases)
    func readsWhatWasWritten(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.clients
        defer { withExtendedLifetime(fixture) {} }
        let bare = StoredClient(id: "bare", description: ClientDescription(), secrets: [], createdAt: UnixTime(seconds: 1))
        #expect(try await store.clients(since: nil) == ClientSnapshot(revision: 0, clients: []))
        #expect(try await store.create(client("b")))
        // One that the rules refuse, without a redirect URI: rules may change, and the others are read with it.
        #expect(try await store.create(bare))
        var registered = client("gh_dc_c")
        registered.registration = StoredRegistration(
            tokenDigest: SecretDigest(bytes: Array(repeating: 9, count: 32)), expiresAt: UnixTime(seconds: 9), generation: "g",
            secretNumber: 2, authentication: .clientSecretJWT, idTokenAlgorithm: .es256, scope: Scope(parsing: "openid x"))
        registered.description.lifetimes = ClientLifetimes(idToken: 60, refreshIdle: 70)
        registered.description.keysURI = "https://app.example.com/jwks"
        #expect(try await store.create(registered))
        #expect(try await store.clients(since: nil)?.clients == [client("b"), bare, registered])
    }

    @Test(arguments: StoreKind.allCases)
    func anIDIsTakenByteForByte(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.clients
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.create(client("app")))
        #expect(try await !store.create(client("app", name: "other")))
        #expect(try await store.create(client("App")))
        #expect(try await store.clients(since: nil)?.clients.map(\.id) == ["App", "app"])
        #expect(try await store.clients(since: nil)?.clients.map(\.description.name) == ["A \"name\"", "A \"name\""])
    }

    @Test(arguments: StoreKind.allCases)
    func aChangeIsMadeOnce(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.clients
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.create(client("app")))
        #expect(try await store.replace(client("app", version: 2, name: "new", secrets: [3])))
        #expect(try await !store.replace(client("app", version: 2, name: "late")))
        #expect(try await !store.replace(client("none", version: 2)))
        #expect(try await store.clients(since: nil)?.clients == [client("app", version: 2, name: "new", secrets: [3])])
        #expect(try await store.deleteClient(id: "app"))
        #expect(try await !store.deleteClient(id: "app"))
        #expect(try await !store.replace(client("app", version: 3)))
        #expect(try await store.clients(since: nil)?.clients == [])
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyWhoMakeOrChangeOneTheFirstDoes(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        func winners(_ change: @escaping @Sendable (Int) async throws -> Bool) async throws -> [Int] {
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<64 { group.addTask { try await change(number) ? number : nil } }
                return try await group.reduce([]) { $0 + [$1].compactMap { $0 } }
            }
        }
        let makers = try await winners { try await fixture.clients.create(client("app", name: "maker \($0)")) }
        #expect(makers.count == 1)
        #expect(try await fixture.clients.clients(since: nil)?.clients.map(\.description.name) == makers.map { "maker \($0)" })
        let changers = try await winners { try await fixture.clients.replace(client("app", version: 2, name: "changer \($0)")) }
        #expect(changers.count == 1)
        #expect(
            try await fixture.clients.clients(since: nil)?.clients.map(\.description.name) == changers.map { "changer \($0)" })
    }

    @Test(arguments: StoreKind.allCases)
    func theRevisionTellsOfEveryChangeAndOfNothingElse(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.clients
        defer { withExtendedLifetime(fixture) {} }
        var known = try #require(try await store.clients(since: nil)).revision
        #expect(try await store.clients(since: known) == nil)
        let changes: [(any ClientStore) async throws -> Bool] = [
            { try await $0.create(client("app")) }, { try await $0.replace(client("app", version: 2)) },
            { try await $0.deleteClient(id: "app") },
        ]
        for change in changes {
            #expect(try await change(store))
            let next = try #require(try await store.clients(since: known)).revision
            #expect(next > known)
            known = next
            #expect(try await !store.replace(client("none", version: 9)))
            #expect(try await !store.deleteClient(id: "none"))
            #expect(try await store.clients(since: known) == nil)
        }
    }
}
