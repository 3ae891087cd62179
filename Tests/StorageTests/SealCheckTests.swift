import Accounts
import AuthService
import JOSE
import OpenIDProvider
import Storage
import Testing

/// What a check of a storage says of what lies sealed there.
struct SealCheckTests {
    private static let old = Secret(utf8: String(repeating: "o", count: 32))
    private static let new = Secret(utf8: String(repeating: "n", count: 32))
    private static let other = Secret(utf8: String(repeating: "x", count: 32))
    private static let end = UnixTime(seconds: 4_000_000_000)

    private func session(_ number: UInt8) -> Session {
        Session(
            key: SessionKey(digest: Array(repeating: number, count: 32)),
            identity: Identity(issuer: "https://issuer", subject: "eve", claims: JSONObject()),
            scope: "app", providerID: "corp", providerSessionID: nil, authTime: UnixTime(seconds: 90),
            createdAt: UnixTime(seconds: 100),
            lastUsedAt: UnixTime(seconds: 100), expiresAt: Self.end, idToken: nil, refreshToken: Secret(utf8: "refresh-token"))
    }

    /// Three sessions, and one record of each other kind, sealed under `old`.
    private func filled(_ kind: StoreKind) async throws -> StoreFixture {
        let fixture = try await StoreFixture(kind)
        let sealing = StoreSealing(secrets: [Self.old])
        let sessions = SealedSessionStore(fixture.sessions, sealing: sealing)
        for number in UInt8(1)...3 { try await sessions.create(session(number)) }
        try await SealedUpstreamStore(fixture.upstream, sealing: sealing).keep(
            UpstreamTokens(accountID: "a", sealed: "inner", expiresAt: Self.end))
        let factor = SecondFactor(
            id: "a", account: SecondFactorAccount(connectorID: "local", userID: "a"), kind: .totp, sealed: "inner",
            createdAt: UnixTime(seconds: 1))
        #expect(try await SealedSecondFactorStore(fixture.secondFactors, sealing: sealing).add([factor]))
        #expect(
            try await SealedConnectorStore(fixture.connectors, sealing: sealing).create(
                StoredConnector(id: "a", sealed: "inner", createdAt: UnixTime(seconds: 1))))
        try await SealedSigningKeyStore(fixture.signingKeys, former: [], sealing: sealing).addFirstSigningKey(
            StoredSigningKey(
                purpose: "provider", algorithm: .edDSA, material: Secret(utf8: "a key"), createdAt: UnixTime(seconds: 1)))
        return fixture
    }

    private static let all: [StoredKind: Int] = [
        .signingKey: 1, .connector: 1, .secondFactor: 1, .upstreamTokens: 1, .session: 3,
    ]
    /// `storage.secrets`, `storage.keySecrets`, and what they do not open.
    private static let configured: [(secrets: [Secret], keySecrets: [Secret], unopened: [StoredKind: Int])] = [
        ([old], [], [:]), ([new, old], [], [:]), ([old, new], [other], [:]), ([new], [], all), ([], [], all), ([], [old], all),
    ]

    @Test(arguments: StoreKind.shared) func whatNoSecretOpensIsCounted(kind: StoreKind) async throws {
        let fixture = try await filled(kind)
        defer { withExtendedLifetime(fixture) {} }
        let records = try #require(fixture.records)
        for (secrets, keySecrets, unopened) in Self.configured {
            let check = try await StorageCheck(records, seals: SealCheck(secrets: secrets, keySecrets: keySecrets))
            #expect(check.unopened == unopened && check.inClear.isEmpty && check.damaged.isEmpty)
            #expect(check.isGood == unopened.isEmpty)
        }
        let opened = SealedSessionStore(fixture.sessions, sealing: StoreSealing(secrets: [Self.old]))
        #expect(try await opened.load(session(1).key)?.refreshToken?.text == "refresh-token", "nothing was written")
    }

    @Test(arguments: StoreKind.shared) func keysThatOnlyTheirOwnSecretsOpenAreCounted(kind: StoreKind) async throws {
        let fixture = try await StoreFixture(kind)
        defer { withExtendedLifetime(fixture) {} }
        let former = SealedSigningKeyStore(fixture.signingKeys, former: [Self.old], sealing: StoreSealing(secrets: []))
        try await former.addFirstSigningKey(
            StoredSigningKey(
                purpose: "provider", algorithm: .edDSA, material: Secret(utf8: "a key"), createdAt: UnixTime(seconds: 1)))
        let records = try #require(fixture.records)
        #expect(try await StorageCheck(records, seals: SealCheck(keySecrets: [Self.old])).isGood)
        #expect(try await StorageCheck(records, seals: SealCheck(secrets: [Self.new], keySecrets: [Self.old])).isGood)
        #expect(try await StorageCheck(records, seals: SealCheck(secrets: [Self.new])).unopened == [.signingKey: 1])
    }

    @Test(arguments: StoreKind.shared) func whatLiesInClearAndInAnothersPlaceIsCounted(kind: StoreKind) async throws {
        let fixture = try await filled(kind)
        defer { withExtendedLifetime(fixture) {} }
        let records = try #require(fixture.records)
        let seals = { SealCheck(secrets: [Self.old]) }
        try await fixture.sessions.create(session(4))
        #expect(try await StorageCheck(records, seals: seals()).isGood, "it will be sealed")
        let sealing = StoreSealing(secrets: [Self.old])
        let keys = SealedSigningKeyStore(fixture.signingKeys, former: [], sealing: sealing)
        let resealing = Resealing(
            try #require(fixture.values), sealing: sealing, keys: keys, notes: fixture.signingKeys)
        for _ in 1...2 { _ = try await resealing?.look(canClose: true) }
        #expect(try await StorageCheck(records, seals: seals()).isGood, "everything is sealed")

        try await fixture.sessions.create(session(5))
        #expect(
            try await fixture.connectors.create(StoredConnector(id: "b", sealed: "inner", createdAt: UnixTime(seconds: 1))))
        var moved = try #require(try await fixture.sessions.load(session(2).key))
        moved.sealedTokens = try await fixture.sessions.load(session(1).key)?.sealedTokens
        moved.version += 1
        #expect(try await fixture.sessions.replace(moved))
        let check = try await StorageCheck(records, seals: seals())
        #expect(!check.isGood && check.inClear == [.session: 1, .connector: 1] && check.unopened == [.session: 1])
    }
}
