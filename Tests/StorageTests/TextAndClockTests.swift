import Accounts
import AuthService
import JOSE
import OpenIDProvider
import Storage
import Testing

/// What every store keeps as it is, and what the clocks of its replicas may do to it.
struct TextAndClockTests {
    /// Nothing of these is a letter, but all of it is text.
    static let texts = [
        "\u{65}\u{301} is not \u{e9}", "👩🏽‍💻🇺🇦 \u{202e}right to left", "' OR 1=1; -- \" \\ % _ * ? [a] {b}",
        "line\nline\r\t\u{7f}\u{1}",
        "\u{10FFFF}\u{FFFD}\u{FEFF}", "{gatehouse}:session#all !expiry", "ends with a blank ",
    ]

    @Test(arguments: StoreKind.allCases, texts)
    func textsComeBackByteForByte(kind: StoreKind, text: String) async throws {
        let store = try await StoreFixture(kind)
        let samples = SampleRecords(name: text, text: text)
        try await samples.write(to: store)
        let lines = try await samples.read(from: store)
        #expect(!lines.contains("nothing"))
        #expect(try await lines == samples.read(from: memory(samples)))
        let session = try #require(try await store.sessions.load(samples.session.key))
        #expect(session.identity.subject.utf8.elementsEqual(text.utf8))
        // Found by those bytes and no others.
        let other = text.unicodeScalars.reduce(into: "") { $0.unicodeScalars.append($1 == "\u{301}" ? "\u{300}" : $1) } + "."
        #expect(try await store.sessions.list(.named(other), limit: 9).isEmpty)
        #expect(try await store.users.user(login: other) == nil)
    }

    private func memory(_ samples: SampleRecords) async throws -> StoreFixture {
        let memory = try await StoreFixture(.memory)
        try await samples.write(to: memory)
        return memory
    }

    /// Not every database has texts with it: it is refused, or comes back as it was, but never shorter.
    @Test(arguments: StoreKind.allCases)
    func aNULIsNoEnd(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let samples = SampleRecords(name: "ab", text: "a\u{0}b")
        do {
            try await store.upstream.keep(samples.upstream)
            #expect(try await store.upstream.upstreamTokens(accountID: "ab") == samples.upstream)
        } catch {
            #expect(kind.redis == nil)
            #expect(try await store.upstream.upstreamTokens(accountID: "ab") == nil)
        }
        // Claims are what an upstream says of somebody: they are kept, and keep nobody else from being listed.
        try await store.sessions.create(samples.session)
        #expect(try await store.sessions.list(.named("ab"), limit: 9).map(\.identity) == [samples.identity])
        _ = try await store.sso.begin(samples.ssoSession, inPlaceOf: nil)
        #expect(try await store.sso.sessions(ofUser: "ab", limit: 9).map(\.key) == [samples.ssoSession.key])
    }

    @Test(arguments: StoreKind.allCases)
    func everyByteOfABinaryComesBack(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let bytes = (UInt8.min...UInt8.max).map { $0 }
        let key = StoredSigningKey(purpose: "p", algorithm: .es256, material: Secret(bytes), createdAt: UnixTime(seconds: 1))
        try await store.signingKeys.addFirstSigningKey(key)
        #expect(try await store.signingKeys.signingKeys(purpose: "p").map(\.material.bytes) == [bytes])
        var grant = SampleRecords().grant
        grant.refresh = RefreshFamily(
            handle: SampleRecords().digest(), key: bytes, generation: 1, rotatedAt: UnixTime(seconds: 3))
        try await store.provider.create(grant)
        #expect(try await store.provider.grant(id: grant.id) == grant)
        let factor = SecondFactor(
            id: "f", account: SecondFactorAccount(connectorID: "c", userID: "u"), kind: .passkey, credentialID: bytes,
            createdAt: UnixTime(seconds: 1))
        #expect(try await store.secondFactors.add([factor]))
        #expect(try await store.secondFactors.secondFactor(credentialID: bytes) == factor)
    }

    // MARK: Clocks. Stores have none: every moment is the caller's, and replicas' clocks differ.

    /// An hour ahead, and an hour behind.
    private let ahead = UnixTime(seconds: 7200)
    private let behind = UnixTime(seconds: 0)

    @Test(arguments: StoreKind.allCases)
    func theLastUseIsTheLatestOfAll(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let samples = SampleRecords(expires: 9000)
        try await store.sessions.create(samples.session)
        try await store.sessions.touch([SessionUse(samples.session.key, at: ahead)])
        try await store.sessions.touch([SessionUse(samples.session.key, at: behind)])
        #expect(try await store.sessions.load(samples.session.key)?.lastUsedAt == ahead)
    }

    @Test(arguments: StoreKind.allCases)
    func whoIsAheadSweepsByTheEndsAndNothingElse(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let (short, long) = (SampleRecords(number: 1, expires: 7200), SampleRecords(number: 20, name: "long", expires: 7201))
        for samples in [short, long] { try await samples.write(to: store) }
        func sweep(_ now: UnixTime) async throws -> [Bool] {
            _ = try await store.sessions.sweep(expiredAt: now, idleBefore: UnixTime(seconds: 0), limit: 50)
            _ = try await store.transients.sweep(expiredAt: now, limit: 50)
            _ = try await store.provider.sweep(codesExpiredAt: now, grantsExpiredAt: now, limit: 50)
            _ = try await store.upstream.sweep(expiredAt: now, limit: 50)
            return try await [short, long].asyncMap { samples in
                try await [
                    store.sessions.load(samples.session.key) != nil, store.transients.isTaken(samples.digest()),
                    store.provider.grant(id: samples.grant.id) != nil,
                    store.upstream.upstreamTokens(accountID: samples.name) != nil,
                ]
            }.flatMap { $0 }
        }
        #expect(try await sweep(behind) == [Bool](repeating: true, count: 8))
        #expect(try await sweep(ahead) == [false, false, false, false, true, true, true, true])
    }

    /// Whoever claims with a clock that is ahead keeps others away until then at the most: they count by the version.
    @Test(arguments: StoreKind.allCases)
    func aClaimIsOnesWhateverTheClocksSay(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        let session = SampleRecords(expires: 9000).session
        try await store.sessions.create(session)
        let claims = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                let now = number.isMultiple(of: 2) ? ahead : behind
                group.addTask {
                    try await store.sessions.claimRefresh(session.key, version: 1, now: now, until: now.adding(30))
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(claims == 1)
        #expect(try await store.sessions.load(session.key)?.version == 2)
    }

    /// Of sessions in cookies: one that began by a clock behind the one that ended its kind is a later one nevertheless.
    @Test(arguments: StoreKind.allCases)
    func whoSignsInAfterAnEndingIsNotMeantByIt(kind: StoreKind) async throws {
        let store = try await StoreFixture(kind)
        var samples = SampleRecords(expires: 20_000)
        try await store.sessions.remember(
            SessionEnding(marks: .init(.named(samples.name)), endedAt: ahead, rememberUntil: UnixTime(seconds: 20_000)))
        let session = samples.session
        #expect(try await store.sessions.hasEnded(session))
        let begun = try await store.sessions.beginning(of: session)
        #expect(begun == ahead.adding(1))
        // And who ends it by a clock behind that does end it.
        samples.number = 2
        try await store.sessions.remember(
            SessionEnding(marks: .init(.named(samples.name)), endedAt: behind, rememberUntil: UnixTime(seconds: 20_000)))
        let later = Session(
            key: session.key, identity: session.identity, scope: session.scope, providerID: "corp", providerSessionID: nil,
            authTime: begun, createdAt: begun, lastUsedAt: begun, expiresAt: session.expiresAt, idToken: nil, refreshToken: nil)
        #expect(try await store.sessions.hasEnded(later))
    }
}

extension Array {
    fileprivate func asyncMap<Value>(_ transform: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await transform(element)) }
        return values
    }
}
