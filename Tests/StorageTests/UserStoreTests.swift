import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store of users must do.
struct UserStoreTests {
    private func digest(_ number: UInt8) -> SecretDigest { SecretDigest(bytes: Array(repeating: number, count: 32)) }

    private func user(_ id: String, email: String? = nil, username: String? = nil, version: Int64 = 1) -> StoredUser {
        StoredUser(
            id: id, email: email ?? "\(id)@Example.com", username: username ?? id, name: "Name of \(id)",
            groups: ["team \"a\"", "b"], hash: Secret(utf8: "$2b$hash"), createdAt: UnixTime(seconds: 100),
            passwordChangedAt: UnixTime(seconds: 100), version: version)
    }

    private func link(_ number: UInt8, for id: String, expires: Int64 = 1000) -> InvitationRecord {
        InvitationRecord(key: digest(number), userID: id, expiresAt: UnixTime(seconds: expires))
    }

    private let now = UnixTime(seconds: 500)

    @Test(arguments: StoreKind.allCases)
    func readsWhatWasWritten(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        var bare = StoredUser(id: "bare", email: "bare@example.com", username: "bare", name: "", createdAt: now)
        bare.isDisabled = true
        for user in [user("jane"), bare] { #expect(try await store.users.create(user, invitation: nil)) }
        #expect(try await store.users.user(id: "jane") == user("jane"))
        #expect(try await store.users.user(id: "bare") == bare)
        #expect(try await store.users.user(id: "nobody") == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func anAddressIsTakenInWhateverCase(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: nil))
        #expect(try await !store.users.create(user("other", email: "JANE@example.COM"), invitation: link(1, for: "other")))
        #expect(try await !store.users.create(user("jane", email: "free@example.com"), invitation: nil))
        #expect(try await store.users.invitation(digest(1)) == nil)
        #expect(try await store.users.create(user("joe"), invitation: nil))
        #expect(try await store.users.replace(user("joe", email: "Jane@Example.com", version: 2)) == .taken)
        #expect(try await store.users.user(id: "joe") == user("joe"))
    }

    @Test(arguments: StoreKind.allCases)
    func isFoundByAddressOrByAUserNameOfTheirOwn(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for user in [
            user("jane"), user("1", username: "twin"), user("2", username: "Twin"), user("3", username: "jane@example.com"),
        ] {
            #expect(try await store.users.create(user, invitation: nil))
        }
        for (login, id) in [
            ("jane@example.com", "jane"), ("JANE@EXAMPLE.COM", "jane"), ("Jane", "jane"), ("twin", nil), ("nobody", nil),
            ("", nil),
            ("jané", nil), ("1@example.com", "1"),
        ] {
            #expect(try await store.users.user(login: login)?.id == id, "\(login)")
        }
    }

    @Test(arguments: StoreKind.allCases)
    func listsInOrderPageByPage(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for id in ["d", "B", "a", "c"] { #expect(try await store.users.create(user(id), invitation: nil)) }
        #expect(try await store.users.users(after: nil, limit: 10).map(\.id) == ["a", "B", "c", "d"])
        #expect(try await store.users.users(after: nil, limit: 2).map(\.id) == ["a", "B"])
        #expect(try await store.users.users(after: "b@example.com", limit: 10).map(\.id) == ["c", "d"])
        #expect(try await store.users.users(after: nil, limit: -1).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func ofChangesAtOnceOneWins(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: nil))
        let next = user("jane", email: "new@example.com", version: 2)
        let outcomes = try await withThrowingTaskGroup(of: UserReplacement.self) { group in
            for _ in 0..<64 { group.addTask { try await store.users.replace(next) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .replaced } == 1 && outcomes.count { $0 == .outdated } == 63)
        #expect(try await store.users.user(id: "jane") == next)
        #expect(try await store.users.replace(user("nobody", version: 2)) == .outdated)
        #expect(try await store.users.replace(user("jane", version: .min)) == .outdated)
    }

    @Test(arguments: StoreKind.allCases)
    func aLinkIsGoodOnce(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: link(1, for: "jane")))
        let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 {
                group.addTask { try await store.users.accept(digest(1), hash: Secret(utf8: "new"), now: now) != nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        let stored = try await store.users.user(id: "jane")
        #expect(stored?.hash?.text == "new" && stored?.passwordChangedAt == now && stored?.version == 2)
        #expect(try await store.users.invitation(digest(1)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aLinkTakesThePlaceOfThoseBefore(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: link(1, for: "jane")))
        try await store.users.invite(link(2, for: "jane"))
        #expect(try await store.users.accept(digest(1), hash: Secret(utf8: "new"), now: now) == nil)
        #expect(try await store.users.invitation(digest(2)) == link(2, for: "jane"))
        try await store.users.invite(link(3, for: "nobody"))
        #expect(try await store.users.invitation(digest(3)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func anOldLinkIsGoodForNothingAndSwept(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: link(1, for: "jane", expires: 500)))
        #expect(try await store.users.create(user("joe"), invitation: link(2, for: "joe", expires: 501)))
        #expect(try await store.users.accept(digest(1), hash: Secret(utf8: "new"), now: now) == nil)
        #expect(try await store.users.sweepInvitations(expiredAt: now, limit: 10) == 1)
        #expect(try await store.users.invitation(digest(1)) == nil)
        #expect(try await store.users.invitation(digest(2)) != nil)
    }

    @Test(arguments: StoreKind.allCases)
    func whoeverIsDeletedLeavesNothing(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.users.create(user("jane"), invitation: link(1, for: "jane")))
        #expect(try await store.users.deleteUser(id: "jane"))
        #expect(try await !store.users.deleteUser(id: "jane"))
        #expect(try await store.users.user(login: "jane") == nil)
        #expect(try await store.users.invitation(digest(1)) == nil)
        #expect(try await store.users.create(user("jane2", email: "jane@example.com"), invitation: nil))
    }
}
