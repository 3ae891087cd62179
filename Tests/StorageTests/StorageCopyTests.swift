import AuthService
import JOSE
import OpenIDProvider
import Storage
import Testing

/// A copy of one storage in another, whatever the two are.
@Suite(.serialized) struct StorageCopyTests {
    private static let kinds: [StoreKind] = [.sqlite, .postgres, .redis]
    static let pairs = kinds.flatMap { one in kinds.map { (one, $0) } }

    private let now = UnixTime(seconds: 500)
    private let samples = SampleRecords()

    private func copy(_ source: StoreFixture, _ target: StoreFixture) async throws -> StorageCopy.Outcome {
        defer { withExtendedLifetime((source, target)) {} }
        return try await StorageCopy(from: #require(source.records), to: #require(target.records), now: now).run()
    }

    private func counts(_ outcome: StorageCopy.Outcome) throws -> [StoredKind: StorageCopy.Count] {
        guard case .copied(let counts) = outcome else { throw Unexpected(outcome: outcome) }
        return counts
    }

    private struct Unexpected: Error { let outcome: StorageCopy.Outcome }

    @Test(arguments: pairs)
    func everythingIsThereAfterwards(pair: (from: StoreKind, to: StoreKind)) async throws {
        let (source, target) = (try await StoreFixture(pair.from), try await StoreFixture(pair.to))
        try await samples.write(to: source)
        try await SampleRecords(number: 10, name: "other", expires: 499).write(to: source)
        let counts = try counts(try await copy(source, target))
        // One kind that is forgotten, here or there, is one with no record.
        for kind in StoredKind.allCases { #expect(counts[kind]?.copied ?? 0 > 0, "\(kind)") }
        #expect(counts[.session]?.leftOut == 1 && counts[.grant]?.leftOut == 1 && counts[.user]?.leftOut == 0)
        let written = try await samples.read(from: source)
        #expect(try await samples.read(from: target) == written)
        #expect(!written.contains("nothing"))
        let due = try await target.sso.claimNotices(dueAt: UnixTime(seconds: 77), until: UnixTime(seconds: 99), limit: 9)
        #expect(due.map(\.attempts) == [1, 1])
        #expect(try await target.transients.takePushedRequest(samples.digest()) == samples.request)
        #expect(try await target.sessions.load(SampleRecords(number: 10).session.key) == nil)
        // Whoever has read what was there before reads it once more.
        #expect(try await target.clients.documents(since: 0)?.documents.count == 2)
        #expect(try await target.connectors.documents(since: 0)?.documents.count == 2)
        // What leads to records was copied, too: whoever is found is deleted.
        #expect(try await target.sessions.deleteAll(.providerSession(issuer: "https://issuer", id: "sid-süb")).count == 1)
        #expect(try await target.provider.endGrants(sessionID: "süb") == 1)
    }

    @Test(arguments: kinds)
    func manyPagesComeWhole(kind: StoreKind) async throws {
        let (source, target) = (try await StoreFixture(kind), try await StoreFixture(.redis))
        for number in 0..<603 {
            let name = SecretDigest(bytes: sha256(Array("\(number)".utf8)))
            _ = try await source.transients.takeOnce(name, until: UnixTime(seconds: 501))
        }
        #expect(try counts(try await copy(source, target))[.nameTaken]?.copied == 603)
        #expect(try await target.transients.isTaken(SecretDigest(bytes: sha256(Array("602".utf8)))))
    }

    @Test(arguments: kinds)
    func aTargetThatIsNotEmptyIsLeftAlone(kind: StoreKind) async throws {
        let (source, target) = (try await StoreFixture(.sqlite), try await StoreFixture(kind))
        try await samples.write(to: source)
        try await target.upstream.keep(UpstreamTokens(accountID: "own", sealed: "own", expiresAt: UnixTime(seconds: 600)))
        guard case .refused(let refusal) = try await copy(source, target) else { throw Unexpected(outcome: .copied([:])) }
        #expect(refusal == .targetHasRecords([.upstreamTokens: 1]))
        #expect(try await target.sessions.load(samples.session.key) == nil)
        #expect(try await !#require(target.records).isHalfCopied())
    }

    @Test(arguments: kinds)
    func whatAnInterruptionLeavesIsBegunAnew(kind: StoreKind) async throws {
        let (source, target) = (try await StoreFixture(.sqlite), try await StoreFixture(kind))
        try await samples.write(to: source)
        let records = try #require(target.records)
        defer { withExtendedLifetime(target) {} }
        try await records.setHalfCopied(true)
        // Somebody who has signed out since.
        let gone = SampleRecords(number: 3, name: "gone")
        try await gone.write(to: target)
        #expect(try await StorageCheck(records, seals: SealCheck()).isHalfCopied)
        guard case .refused(.sourceIsHalfCopied) = try await copy(target, StoreFixture(.sqlite)) else {
            throw Unexpected(outcome: .copied([:]))
        }
        _ = try counts(try await copy(source, target))
        #expect(try await target.sessions.load(gone.session.key) == nil)
        #expect(try await samples.read(from: target) == samples.read(from: source))
        #expect(try await StorageCheck(records, seals: SealCheck()).isGood)
    }

    @Test(arguments: kinds)
    func aCheckCountsEverything(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let records = try #require(store.records)
        defer { withExtendedLifetime(store) {} }
        #expect(try await StorageCheck(records, seals: SealCheck()).counts.values.allSatisfy { $0 == 0 })
        try await samples.write(to: store)
        let check = try await StorageCheck(records, seals: SealCheck())
        #expect(check.isGood && check.counts.values.allSatisfy { $0 > 0 } && check.counts[.secondFactor] == 2)
    }

    @Test(arguments: [StoreKind.sqlite, .postgres])
    func aDamagedRowIsCountedAndNothingIsCopied(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        try await samples.write(to: store)
        try await store.execute("UPDATE sessions SET claims = '{'")
        try await store.execute("DELETE FROM sso_accounts")
        let check = try await StorageCheck(#require(store.records), seals: SealCheck())
        #expect(!check.isGood && check.damaged == [.session: 1] && check.faults.count == 1)
        guard case .refused(let refusal) = try await copy(store, StoreFixture(.sqlite)) else {
            throw Unexpected(outcome: .copied([:]))
        }
        #expect(refusal == .sourceIsDamaged([.session: 1]))
    }
}
