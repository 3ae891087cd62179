import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store of second factors must do.
struct SecondFactorStoreTests {
    private static let jane = SecondFactorAccount(connectorID: "local", userID: "jane")
    private static let others = [
        SecondFactorAccount(connectorID: "ldap", userID: "jane"), SecondFactorAccount(connectorID: "local", userID: "JANE"),
    ]

    private func factor(
        _ id: String, of account: SecondFactorAccount = jane, _ kind: SecondFactor.Kind = .totp, credential: [UInt8]? = nil,
        version: Int64 = 1
    ) -> SecondFactor {
        SecondFactor(
            id: id, account: account, kind: kind, label: "Phone", sealed: "sealed",
            details: JSONObject([("hashes", ["a", "b"])]),
            credentialID: credential, counter: 7, createdAt: UnixTime(seconds: 5), version: version)
    }

    @Test(arguments: StoreKind.allCases)
    func keepsEveryFieldAndNobodyElsesRows(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.secondFactors
        defer { withExtendedLifetime(fixture) {} }
        var codes = factor("codes", .recoveryCodes)
        codes.lastUsedAt = UnixTime(seconds: 9)
        #expect(try await store.add([factor("app"), codes]))
        #expect(try await store.add([factor("key", credential: [0, 255])]))
        #expect(try await store.secondFactors(of: Self.jane) == [factor("app"), codes, factor("key", credential: [0, 255])])
        #expect(try await store.secondFactors(ofSubject: Self.jane.subject).map(\.id) == ["app", "codes", "key"])
        for other in Self.others {
            #expect(try await store.secondFactors(of: other).isEmpty)
            #expect(try await store.secondFactors(ofSubject: other.subject).isEmpty)
        }
        #expect(try await store.secondFactor(credentialID: [0, 255])?.id == "key")
        #expect(try await store.secondFactor(credentialID: [0]) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func saysWhetherSomebodyHasOneOfAKind(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let store = fixture.secondFactors
        #expect(try await store.add([factor("app"), factor("key", .passkey, credential: [1])]))
        #expect(try await store.hasSecondFactor(.passkey, ofConnector: "local"))
        #expect(try await !store.hasSecondFactor(.passkey, ofConnector: "ldap"))
        #expect(try await !store.hasSecondFactor(.recoveryCodes, ofConnector: "local"))
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsTakenIsNotWrittenNorWhatCameWithIt(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.secondFactors
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.add([factor("app"), factor("key", credential: [1])]))
        let refused = [
            [factor("codes", .recoveryCodes), factor("second app")], [factor("app", of: Self.others[0])],
            [factor("x", of: Self.others[0]), factor("same key", of: Self.others[0], credential: [1])],
            [factor("twice", .recoveryCodes), factor("twice", credential: [2])],
        ]
        for factors in refused { #expect(try await !store.add(factors)) }
        #expect(try await store.secondFactors(of: Self.jane).map(\.id) == ["app", "key"])
        #expect(try await store.secondFactors(of: Self.others[0]).isEmpty)
        #expect(try await store.add([factor("another app", of: Self.others[1]), factor("another key", credential: [2])]))
    }

    @Test(arguments: StoreKind.allCases)
    func ofManyWhoUseOneCodeOneIsTheFirst(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        #expect(try await fixture.secondFactors.add([factor("app")]))
        var next = factor("app", version: 2)
        next.counter = 8
        next.lastUsedAt = UnixTime(seconds: 240)
        next.label = "Other"
        let winners = try await withThrowingTaskGroup(of: Bool.self) { [next] group in
            for _ in 0..<64 { group.addTask { try await fixture.secondFactors.replace(next) } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(winners == 1)
        #expect(try await fixture.secondFactors.secondFactors(of: Self.jane) == [next])
        #expect(try await !fixture.secondFactors.replace(factor("nobody's", version: 2)))
    }

    @Test(arguments: StoreKind.allCases)
    func whatIsRemovedIsGone(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.secondFactors
        defer { withExtendedLifetime(fixture) {} }
        #expect(try await store.add([factor("app"), factor("codes", .recoveryCodes), factor("key", credential: [1])]))
        #expect(try await store.add([factor("other", of: Self.others[0])]))
        #expect(try await store.removeSecondFactor(id: "key"))
        #expect(try await !store.removeSecondFactor(id: "key"))
        #expect(try await store.removeSecondFactors(of: Self.jane) == 2)
        #expect(try await store.removeSecondFactors(of: Self.jane) == 0)
        #expect(try await !store.replace(factor("app", version: 2)), "what is gone stays gone")
        #expect(try await store.secondFactors(of: Self.others[0]).map(\.id) == ["other"])
    }
}
