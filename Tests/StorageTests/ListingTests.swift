import AuthService
import JOSE
import OpenIDProvider
import Storage
import Testing

/// Every list of a store has an end that its caller sets, and what is on it does not depend on where the end is.
struct ListingTests {
    private static let many: [SampleRecords] = (1...5).map { number in
        SampleRecords(number: UInt8(number) * 10, name: "name-\(number)", text: "n")
    }

    private typealias List = @Sendable (StoreFixture, Int) async throws -> [String]

    private static let lists: [(name: String, list: List)] = [
        ("sessions", { try await $0.sessions.list(.all, limit: $1).map { Base64URL.encode($0.key.digest) } }),
        ("personal tokens", { try await $0.personalTokens.list(.all, limit: $1).map(\.id) }),
        ("grants", { try await $0.provider.grants(.init(), limit: $1).map(\.id) }),
        ("grants of a client", { try await $0.provider.grants(.init(client: "client"), limit: $1).map(\.id) }),
        (
            "sessions at the provider",
            { try await $0.sso.sessions(ofUser: nil, limit: $1).map { Base64URL.encode($0.key.bytes) } }
        ),
        ("users", { try await $0.users.users(after: nil, limit: $1).map(\.id) }),
    ]

    @Test(arguments: StoreKind.allCases)
    func aListHasAsManyAsWereAskedFor(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for samples in Self.many { try await samples.write(to: store) }
        for (name, list) in Self.lists {
            let all = try await list(store, 100)
            #expect(Set(all).count == 5, "\(name)")
            for limit in 0...5 { #expect(try await list(store, limit).count == limit, "\(name) \(limit)") }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func pagesOfUsersHaveEachOnce(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for samples in Self.many { try await samples.write(to: store) }
        var (found, last): ([StoredUser], String?) = ([], nil)
        while case let page = try await store.users.users(after: last, limit: 2), !page.isEmpty {
            found += page
            last = page.last?.email
        }
        #expect(found.map(\.id) == Self.many.map(\.storedUser.id))
    }

    /// By user, by the session at the provider (`sid`), and by both: what is found, and what is ended.
    @Test(arguments: StoreKind.allCases)
    func whoIsEndedIsOneUsersOrOneSessions(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for samples in Self.many { try await samples.write(to: store) }
        #expect(try await store.sso.accounts(ofSubject: "name-1") == ["account-10"])
        #expect(try await store.provider.grants(.init(user: "name-2"), limit: 9).map(\.id) == ["g20"])
        #expect(try await store.provider.endGrants(sessionID: "name-3") == 1)
        #expect(try await store.provider.endGrants(subject: "name-4", exceptSessionID: nil) == 1)
        #expect(try await store.provider.endGrants(subject: "name-5", exceptSessionID: "name-5") == 0)
        let ended = try await store.sessions.deleteAll(.providerSession(issuer: "https://issuer", id: "sid-name-1"))
        #expect(ended.map(\.providerSessionID) == ["sid-name-1"])
        #expect(try await store.sessions.deleteAll(.user(issuer: "https://issuer", subject: "name-2")).count == 1)
        #expect(try await store.sessions.list(.all, limit: 9).count == 3)
        #expect(Set(try await store.provider.grants(.init(), limit: 9).map(\.id)) == ["g10", "g20", "g50"])
    }
}
