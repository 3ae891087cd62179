import Accounts
import JOSE
import Testing

@testable import AuthService

struct RestingSessionTests {
    /// Of many shapes: every field there and not there, texts of every kind, numbers at their ends.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func whatAwakesIsWhatWentToRest(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        var texts = KnownTexts()
        for _ in 0..<10 {
            let session = random.session()
            let permits = random.permits()
            let entry = CachedSession(
                session, loadedAt: random.moment(), SteadyTime(milliseconds: random.number()),
                rest: RestingSession(CachedSession(session, loadedAt: random.moment()), &texts), permits: permits)
            entry.noteUse(at: session.lastUsedAt)
            let resting = RestingSession(entry, &texts)
            #expect(resting.key == session.key)
            #expect(resting.usedAt == session.lastUsedAt)
            let awoken = try #require(resting.awoken(texts))
            #expect(described(awoken.session) == described(session))
            #expect(awoken.loadedAt == entry.loadedAt)
            #expect(awoken.loaded == entry.loaded)
            #expect(awoken.usedAt == entry.usedAt)
            #expect(awoken.permitsToKeep.map { described($0) } == permits.map { described($0) })
        }
    }

    /// Everything in it, in words; of tokens their bytes. As bytes: texts that look alike are equal to Swift.
    private func described(_ session: Session) -> [UInt8] {
        var dump = "\(session.key.digest) \(session.version) \(session.scope.debugDescription) \(session.refresh) "
        dump += "\(session.createdAt) \(session.lastUsedAt) \(session.expiresAt) \(session.authTime) \(session.authentication) "
        dump += "\(session.providerID.debugDescription) \(session.providerSessionID.debugDescription) \(session.device) "
        dump += "\(session.grantedScopes) \([session.idToken, session.refreshToken, session.accessToken].map { $0?.bytes })"
        dump += "\(session.identity.issuer.debugDescription) \(session.identity.subject.debugDescription) "
        return Array(dump.utf8) + JSONValue.object(session.identity.claims).jsonBytes
    }

    private func described(_ permit: KnownPermit) -> [UInt8] {
        Array("\(permit.rule) \(permit.tenant.debugDescription) \(permit.until) \(String(describing: permit.proof))".utf8)
    }

    @Test func textsThatLookAlikeStayDifferent() throws {
        var random = RandomSessions(seed: 1)
        var texts = KnownTexts()
        let composed = random.session(groups: ["\u{E9}", "admins"])
        let decomposed = random.session(groups: ["e\u{301}", "admins"])
        let resting = [composed, decomposed].map { RestingSession(CachedSession($0, loadedAt: $0.createdAt), &texts) }
        let groups = try resting.map { try #require($0.awoken(texts)).session.identity.groups.map { Array($0.utf8) } }
        #expect(groups == [["\u{E9}", "admins"].map { Array($0.utf8) }, ["e\u{301}", "admins"].map { Array($0.utf8) }])
    }

    @Test func thousandsOfGroupNamesAreKeptWithTheirSessions() throws {
        var random = RandomSessions(seed: 2)
        var texts = KnownTexts()
        for number in 0..<30 {
            let groups = (0..<100).map { "group-\(number)-\($0)" }
            let resting = RestingSession(CachedSession(random.session(groups: groups), loadedAt: random.moment()), &texts)
            #expect(try #require(resting.awoken(texts)).session.identity.groups == groups)
        }
    }

    /// As after a sign-in at our own provider: what performance.md promises for each, beyond its claims.
    @Test func anOrdinaryOneTakesSomeHundredBytes() throws {
        var texts = KnownTexts()
        let now = UnixTime(seconds: 1_800_000_000)
        let claims = JSONObject([
            ("email", "somebody@example.com"), ("email_verified", true), ("groups", .strings(["team-a", "team-b"])),
            ("name", "Some Body"), ("preferred_username", "somebody"),
        ])
        let session = Session(
            key: SessionKey(digest: Array(repeating: 7, count: 32)),
            identity: Identity(issuer: "https://apps.example.com/dex", subject: "subject-1", claims: claims),
            scope: "https://apps.example.com", providerID: "corp",
            providerSessionID: String(repeating: "s", count: 22), authTime: now,
            authentication: SessionAuthentication(time: now, amr: ["pwd"]), createdAt: now, lastUsedAt: now,
            expiresAt: now.adding(86400), idToken: nil, refreshToken: nil, grantedScopes: ["openid", "email", "groups"],
            refresh: RefreshState(dueAt: now.adding(3000)),
            device: SessionDevice(userAgent: "Firefox on Linux", address: "192.0.2.1"))
        let proof = AssertionProof(signedAt: now, signature: Array(repeating: 1, count: 64))
        let permit = KnownPermit(rule: 3, tenant: nil, until: now.adding(200), proof: proof)
        let entry = CachedSession(
            session, loadedAt: now, SteadyTime(milliseconds: 1000),
            rest: RestingSession(CachedSession(session, loadedAt: now), &texts), permits: [permit])
        entry.noteUse(at: now)
        let size = RestingSession(entry, &texts).size
        #expect(size - JSONValue.object(claims).jsonBytes.count <= 300)
    }

    /// No input reaches it, and still: what does not fit is a session that the store is asked for.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsDamagedIsReadOrIsNot(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        var texts = KnownTexts()
        let session = random.session()
        _ = RestingSession(CachedSession(session, loadedAt: session.createdAt), &texts)
        for length in stride(from: 0, to: 300, by: 7) {
            var reader = PackedReader((0..<length).map { _ in random.byte() }, from: 0)
            guard let value = try? reader.value(among: texts) else { continue }
            var writer = PackedWriter()
            writer.write(value, among: &texts)
            var again = PackedReader(writer.bytes, from: 0)
            #expect(try again.value(among: texts).jsonBytes == value.jsonBytes)
        }
        // Of another table's texts none may be found.
        var other = KnownTexts()
        let resting = RestingSession(CachedSession(session, loadedAt: session.createdAt), &other)
        #expect(resting.awoken(KnownTexts()) == nil)
    }
}
