import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// What every store of documents must do, whatever they are.
struct DocumentStoreTests {
    /// Documents of one kind, each with a text in it.
    struct Documents: Sendable {
        struct Told: Sendable, Equatable {
            let id: String
            var version: Int64 = 1
            var text = "A \"name\""
        }

        let create: @Sendable (Told) async throws -> Bool
        let replace: @Sendable (Told) async throws -> Bool
        let delete: @Sendable (String) async throws -> Bool
        let since: @Sendable (Int64?) async throws -> (revision: Int64, documents: [Told])?

        init<Document: StoredDocument>(
            _ store: any DocumentStore<Document>, make: @escaping @Sendable (Told) -> Document,
            text: @escaping @Sendable (Document) -> String
        ) {
            create = { try await store.create(make($0)) }
            replace = { try await store.replace(make($0)) }
            delete = { try await store.delete(id: $0) }
            since = { known in
                try await store.documents(since: known).map { snapshot in
                    (snapshot.revision, snapshot.documents.map { Told(id: $0.id, version: $0.version, text: text($0)) })
                }
            }
        }

        var all: [Told]? { get async throws { try await since(nil)?.documents } }
    }

    enum DocumentKind: CaseIterable {
        case client, connector

        func documents(_ fixture: StoreFixture) -> Documents {
            switch self {
            case .client:
                Documents(fixture.clients) { told in
                    var description = ClientDescription()
                    description.name = told.text
                    return StoredClient(
                        id: told.id, description: description, secrets: [], createdAt: UnixTime(seconds: 100),
                        version: told.version)
                } text: {
                    $0.description.name
                }
            case .connector:
                Documents(fixture.connectors) {
                    StoredConnector(id: $0.id, sealed: $0.text, createdAt: UnixTime(seconds: 100), version: $0.version)
                } text: {
                    $0.sealed
                }
            }
        }
    }

    private typealias Told = Documents.Told

    @Test(arguments: StoreKind.allCases)
    func readsClientsAsTheyWereWritten(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.clients
        defer { withExtendedLifetime(fixture) {} }
        var description = ClientDescription()
        (description.name, description.redirectURIs) = ("A \"name\"", ["https://app.example.com/cb"])
        (description.scopes, description.groups, description.skipsConsent) = (["openid", "own:read"], [], false)
        (description.grantTypes, description.accessTokenFormat) = ([.authorizationCode, .tokenExchange], .opaque)
        let secrets = [UInt8(1), 2].map { number in
            StoredClient.KnownSecret(
                id: "s\(number)", digest: SecretDigest(bytes: Array(repeating: number, count: 32)),
                createdAt: UnixTime(seconds: 7))
        }
        let client = StoredClient(id: "b", description: description, secrets: secrets, createdAt: UnixTime(seconds: 100))
        // One that the rules refuse, without a redirect URI: rules may change, and the others are read with it.
        let bare = StoredClient(id: "bare", description: ClientDescription(), secrets: [], createdAt: UnixTime(seconds: 1))
        description.lifetimes = ClientLifetimes(idToken: 60, refreshIdle: 70)
        description.keysURI = "https://app.example.com/jwks"
        var registered = StoredClient(
            id: "gh_dc_c", description: description, secrets: secrets, createdAt: UnixTime(seconds: 100))
        registered.registration = StoredRegistration(
            tokenDigest: SecretDigest(bytes: Array(repeating: 9, count: 32)), expiresAt: UnixTime(seconds: 9), generation: "g",
            secretNumber: 2, authentication: .clientSecretJWT, idTokenAlgorithm: .es256, scope: Scope(parsing: "openid x"))
        for client in [bare, registered, client] { #expect(try await store.create(client)) }
        #expect(try await store.documents(since: nil)?.documents == [client, bare, registered])
    }

    @Test(arguments: StoreKind.allCases)
    func readsConnectorsAsTheyWereWritten(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.connectors
        defer { withExtendedLifetime(fixture) {} }
        let connectors = ["a", "b"].map { id in
            StoredConnector(id: id, sealed: "\"sealed\" \(id) 漢字", createdAt: UnixTime(seconds: 5))
        }
        for connector in connectors.reversed() { #expect(try await store.create(connector)) }
        #expect(try await store.documents(since: nil)?.documents == connectors)
        // The same ids as clients are others.
        #expect(try await fixture.clients.documents(since: nil) == DocumentSnapshot(revision: 0, documents: []))
    }

    @Test(arguments: StoreKind.allCases, DocumentKind.allCases)
    func anIDIsTakenByteForByte(kind: StoreKind, documents: DocumentKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = documents.documents(fixture)
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.create(Told(id: "app")))
        #expect(try await !store.create(Told(id: "app", text: "other")))
        #expect(try await store.create(Told(id: "App")))
        #expect(try await store.all == [Told(id: "App"), Told(id: "app")])
    }

    @Test(arguments: StoreKind.allCases, DocumentKind.allCases)
    func aChangeIsMadeOnce(kind: StoreKind, documents: DocumentKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = documents.documents(fixture)
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.create(Told(id: "app")))
        let changed = Told(id: "app", version: 2, text: "new")
        #expect(try await store.replace(changed))
        #expect(try await !store.replace(Told(id: "app", version: 2, text: "late")))
        #expect(try await !store.replace(Told(id: "none", version: 2)))
        #expect(try await store.all == [changed])
        #expect(try await store.delete("app"))
        #expect(try await !store.delete("app"))
        #expect(try await !store.replace(Told(id: "app", version: 3)))
        #expect(try await store.all == [])
    }

    @Test(arguments: StoreKind.allCases, DocumentKind.allCases)
    func ofManyWhoMakeOrChangeOneTheFirstDoes(kind: StoreKind, documents: DocumentKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = documents.documents(fixture)
        defer { withExtendedLifetime(fixture) {} }
        func winners(_ change: @escaping @Sendable (Int) async throws -> Bool) async throws -> [Int] {
            try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<64 { group.addTask { try await change(number) ? number : nil } }
                return try await group.reduce([]) { $0 + [$1].compactMap { $0 } }
            }
        }
        let makers = try await winners { try await store.create(Told(id: "app", text: "maker \($0)")) }
        #expect(makers.count == 1)
        #expect(try await store.all == makers.map { Told(id: "app", text: "maker \($0)") })
        let changers = try await winners { try await store.replace(Told(id: "app", version: 2, text: "changer \($0)")) }
        #expect(changers.count == 1)
        #expect(try await store.all == changers.map { Told(id: "app", version: 2, text: "changer \($0)") })
    }

    @Test(arguments: StoreKind.allCases, DocumentKind.allCases)
    func theRevisionTellsOfEveryChangeAndOfNothingElse(kind: StoreKind, documents: DocumentKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = documents.documents(fixture)
        defer { withExtendedLifetime(fixture) {} }
        var known = try #require(try await store.since(nil)).revision
        #expect(known == 0)
        #expect(try await store.since(known) == nil)
        let changes: [(Documents) async throws -> Bool] = [
            { try await $0.create(Told(id: "app")) }, { try await $0.replace(Told(id: "app", version: 2)) },
            { try await $0.delete("app") },
        ]
        for change in changes {
            #expect(try await change(store))
            let next = try #require(try await store.since(known)).revision
            #expect(next > known)
            known = next
            #expect(try await !store.replace(Told(id: "none", version: 9)))
            #expect(try await !store.delete("none"))
            #expect(try await store.since(known) == nil)
        }
        // Each kind has a number of its own.
        let other = (documents == .client ? DocumentKind.connector : .client).documents(fixture)
        #expect(try await other.create(Told(id: "app")))
        #expect(try await store.since(known) == nil)
    }
}
