import Accounts
import AuthService
import JOSE
import Storage
import Testing

/// What every store of personal tokens must do.
struct PersonalTokenStoreTests {
    private func identity(_ subject: String, groups: JSONValue = ["a", "b,c"]) -> Identity {
        Identity(
            issuer: "https://issuer", subject: subject,
            claims: JSONObject([
                ("email", .string("\(subject)@example.com")), ("preferred_username", .string("u-\(subject)")), ("groups", groups),
            ]))
    }

    private func token(_ number: UInt8, of subject: String = "süb", expires: Int64 = 1000) -> PersonalToken {
        PersonalToken(
            key: SHA256Bytes(Array(repeating: number, count: 32)), id: "id-\(number)", name: "n' — \(number)", access: .read,
            identity: identity(subject), createdAt: UnixTime(seconds: 100 + Int64(number)), expiresAt: UnixTime(seconds: expires))
    }

    @Test(arguments: StoreKind.allCases) func loadsWhatWasCreated(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.personalTokens.create(token(1), limit: 5))
        let loaded = try #require(try await store.personalTokens.load(token(1).key))
        #expect(loaded.identity == identity("süb") && loaded.name == "n' — 1" && loaded.access == .read && loaded.id == "id-1")
        #expect(loaded.createdAt.seconds == 101 && loaded.expiresAt.seconds == 1000 && loaded.lastUsedAt == nil)
        #expect(try await store.personalTokens.load(token(2).key) == nil)
    }

    @Test(arguments: StoreKind.allCases) func aKeyCannotBeTakenTwice(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        _ = try await store.personalTokens.create(token(1), limit: 5)
        await #expect(throws: StoreFailure.self) { try await store.personalTokens.create(token(1), limit: 5) }
    }

    @Test(arguments: StoreKind.allCases) func theLimitIsEachOwners(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.personalTokens.create(token(1), limit: 2))
        #expect(try await store.personalTokens.create(token(2), limit: 2))
        #expect(try await !store.personalTokens.create(token(3), limit: 2))
        #expect(try await store.personalTokens.create(token(4, of: "other"), limit: 2))
        #expect(try await store.personalTokens.load(token(3).key) == nil)
    }

    @Test(arguments: StoreKind.allCases) func ofManyAtOnceNoMoreAreMadeThanMayBe(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let made = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in UInt8(1)...64 {
                group.addTask { try await store.personalTokens.create(token(number), limit: 5) }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 5)
        #expect(try await store.personalTokens.list(.all, limit: 100).count == 5)
    }

    @Test(
        arguments: StoreKind.allCases,
        [
            (.all, ["id-3", "id-2", "id-1"]), (.owner(issuer: "https://issuer", subject: "a"), ["id-2", "id-1"]),
            (.owner(issuer: "https://other", subject: "a"), []), (.user("b"), ["id-3"]), (.user("b@example.com"), ["id-3"]),
            (.user("u-a"), ["id-2", "id-1"]), (.user("nobody"), []),
        ] as [(PersonalTokenSelection, [String])])
    func listsTheNewestFirst(kind: StoreKind, expected: (PersonalTokenSelection, [String])) async throws {
        let store = try await StoreFixture(kind)
        for (number, subject) in [(1, "a"), (2, "a"), (3, "b")] as [(UInt8, String)] {
            _ = try await store.personalTokens.create(token(number, of: subject), limit: 5)
        }
        #expect(try await store.personalTokens.list(expected.0, limit: 10).map(\.id) == expected.1)
        #expect(try await store.personalTokens.list(.all, limit: 1).count == 1)
    }

    @Test(arguments: StoreKind.allCases) func theNewestUseIsKept(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        _ = try await store.personalTokens.create(token(1), limit: 5)
        for moment in [200, 300, 250] as [Int64] {
            try await store.personalTokens.touch(token(1).key, usedAt: UnixTime(seconds: moment))
        }
        #expect(try await store.personalTokens.load(token(1).key)?.lastUsedAt?.seconds == 300)
        try await store.personalTokens.touch(token(2).key, usedAt: UnixTime(seconds: 1))
        #expect(try await store.personalTokens.load(token(2).key) == nil)
    }

    @Test(arguments: StoreKind.allCases) func allOfAnOwnerFollowTheNewestSignIn(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        _ = try await store.personalTokens.create(token(1, of: "a"), limit: 5)
        _ = try await store.personalTokens.create(token(2, of: "b"), limit: 5)
        try await store.personalTokens.renew(identity("a", groups: ["new"]))
        #expect(try await store.personalTokens.load(token(1).key)?.identity.groups == ["new"])
        #expect(try await store.personalTokens.load(token(2).key)?.identity.groups == ["a", "b,c"])
    }

    @Test(arguments: StoreKind.allCases) func whatIsDeletedIsGone(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        _ = try await store.personalTokens.create(token(1), limit: 5)
        #expect(try await store.personalTokens.delete(token(1).key))
        #expect(try await !store.personalTokens.delete(token(1).key))
        #expect(try await store.personalTokens.load(token(1).key) == nil)
    }

    @Test(arguments: StoreKind.allCases) func sweepsWhatHasExpiredInBatches(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for number in 1...3 as ClosedRange<UInt8> {
            _ = try await store.personalTokens.create(token(number, expires: 500), limit: 9)
        }
        _ = try await store.personalTokens.create(token(4, expires: 501), limit: 9)
        #expect(try await store.personalTokens.sweep(expiredAt: UnixTime(seconds: 500), limit: 2) == 2)
        #expect(try await store.personalTokens.sweep(expiredAt: UnixTime(seconds: 500), limit: 2) == 1)
        #expect(try await store.personalTokens.list(.all, limit: 9).map(\.id) == ["id-4"])
    }
}
