import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// What every store of short-lived things must do.
struct TransientStoreTests {
    private func digest(_ number: UInt8) -> SecretDigest { SecretDigest(bytes: Array(repeating: number, count: 32)) }

    private func device(_ number: UInt8, userCode: UInt8? = nil, expires: Int64 = 1000) -> DeviceRecord {
        DeviceRecord(
            key: digest(number), userCode: digest(userCode ?? number &+ 100), clientID: "client",
            scope: Scope(["openid", "email"]),
            expiresAt: UnixTime(seconds: expires), interval: 5)
    }

    private func request(_ number: UInt8, expires: Int64 = 1000) -> PushedRequestRecord {
        PushedRequestRecord(
            key: digest(number), clientID: "client", parameters: "a=b&c=%C3%BC", expiresAt: UnixTime(seconds: expires))
    }

    private func winners(_ body: @escaping @Sendable () async throws -> Bool) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { try await body() } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func readsDevicesByBothCodes(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.transients.create(device(1), limit: 10))
        #expect(try await store.transients.device(digest(1)) == device(1))
        #expect(try await store.transients.device(userCode: digest(101)) == device(1))
        #expect(try await store.transients.device(digest(2)) == nil)
        #expect(try await store.transients.device(userCode: digest(1)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func aUserCodeIsOfOneDeviceAndTheNumberIsBounded(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        #expect(try await store.transients.create(device(1), limit: 2))
        #expect(try await !store.transients.create(device(2, userCode: 101), limit: 2))
        #expect(try await store.transients.create(device(3), limit: 2))
        #expect(try await !store.transients.create(device(4), limit: 2))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyAnswersOneCounts(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        _ = try await store.transients.create(device(1), limit: 10)
        for state in [DeviceRecord.State.approved(grantID: "g"), .denied, .used] {
            var next = try #require(try await store.transients.device(digest(1)))
            next.state = state
            next.askedAt = UnixTime(seconds: 7)
            next.interval = 10
            next.version += 1
            let count = try await winners { [next] in try await store.transients.replace(next) }
            #expect(count == 1)
            #expect(try await store.transients.device(digest(1)) == next)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aPushedRequestIsTakenOnce(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let key = digest(1)
        #expect(try await store.transients.push(request(1), limit: 2))
        #expect(try await store.transients.push(request(2), limit: 2))
        #expect(try await !store.transients.push(request(3), limit: 2))
        #expect(try await store.transients.takePushedRequest(digest(2)) == request(2))
        let count = try await winners { try await store.transients.takePushedRequest(key) != nil }
        #expect(count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func aNameIsTakenOnce(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let name = digest(1)
        #expect(try await !store.transients.isTaken(name))
        let count = try await winners { try await store.transients.takeOnce(name, until: UnixTime(seconds: 9)) }
        #expect(count == 1)
        #expect(try await store.transients.isTaken(name))
        #expect(try await store.transients.takeOnce(digest(2), until: UnixTime(seconds: 9)))
    }

    @Test(arguments: StoreKind.allCases)
    func sweepsInBatchesWhatHasEnded(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        for number in UInt8(1)...3 {
            let expires: Int64 = number == 3 ? 100 : 10
            _ = try await store.transients.create(device(number, expires: expires), limit: 10)
            _ = try await store.transients.push(request(number, expires: expires), limit: 10)
            _ = try await store.transients.takeOnce(digest(number), until: UnixTime(seconds: expires))
        }
        func sweep(_ limit: Int) async throws -> Int {
            try await store.transients.sweep(expiredAt: UnixTime(seconds: 10), limit: limit)
        }
        #expect(try await sweep(1) == 3)
        #expect(try await sweep(5) == 3)
        #expect(try await sweep(5) == 0)
        #expect(try await store.transients.device(digest(3)) != nil)
        #expect(try await store.transients.isTaken(digest(3)))
        #expect(try await store.transients.create(device(1), limit: 10), "its user code is free again")
    }

    @Test(arguments: StoreKind.allCases)
    func ofTwoThatRotateAtOnceOneAddsAKey(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        func key(_ made: Int64, _ purpose: String = "p") -> StoredSigningKey {
            StoredSigningKey(
                purpose: purpose, algorithm: .es256, material: Secret([UInt8(truncatingIfNeeded: made)]),
                createdAt: UnixTime(seconds: made))
        }
        try await store.signingKeys.addFirstSigningKey(key(1))
        try await store.signingKeys.addFirstSigningKey(key(1, "q"))
        let later = key(5)
        let count = try await winners { try await store.signingKeys.addSigningKey(later, after: UnixTime(seconds: 1)) }
        #expect(count == 1)
        try await store.signingKeys.replaceMaterial(of: key(5), with: Secret([9]))
        #expect(try await store.signingKeys.signingKeys(purpose: "p").map(\.material.bytes) == [[1], [9]])
        let removed = try await store.signingKeys.removeSigningKeys(
            purpose: "p", algorithm: .es256, madeBefore: UnixTime(seconds: 5))
        #expect(removed == 1)
        #expect(try await store.signingKeys.signingKeys(purpose: "p").map(\.createdAt.seconds) == [5])
        #expect(try await store.signingKeys.signingKeys(purpose: "q").count == 1)
    }
}
