import Accounts
import JOSE
import Testing

@testable import AuthService

struct RestingSessionTests {
    /// Of many shapes: every field there and not there, texts of every kind, numbers at their ends, replies like no other.
    @Test(arguments: 0..<60 as Range<UInt64>)
    func whatAwakesIsWhatWentToRest(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        var table = Tables()
        for _ in 0..<10 {
            let permits = random.permits()
            let entry = table.entry(
                random.session(), loadedAt: random.nearMoment(), permits)
            let resting = table.resting(entry)
            #expect(resting.key == entry.session.key)
            #expect(resting.usedAt == entry.session.lastUsedAt)
            #expect(resting.loadedAt == entry.loadedAt)
            let awoken = try #require(table.awoken(resting))
            #expect(described(awoken.session) == described(entry.session))
            #expect(awoken.loadedAt == entry.loadedAt)
            #expect(awoken.usedAt == entry.usedAt)
            #expect(awoken.restingPermits.map { described($0) } == permits.map { described($0) })
        }
    }

    /// Which of many permits it is that a check finds while the session rests, and when it finds none.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func aCheckFindsItsPermitAndNoOther(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        var table = Tables()
        let permits = random.permits()
        let entry = table.entry(random.session(), loadedAt: random.nearMoment(), permits)
        let resting = table.resting(entry)
        let session = entry.session
        for permit in permits + random.permits() {
            for form in GrantForm.allCases {
                for now in [
                    random.nearMoment(), entry.loadedAt, permit.until, permit.until.adding(-1), session.expiresAt.adding(-1),
                ] {
                    let question = GrantQuestion(rule: permit.rule, tenant: permit.tenant, form: form)
                    let isQuiet =
                        now < session.expiresAt && session.refresh.dueAt.map { now < $0 } ?? true && now >= entry.loadedAt
                        && now.since(session.lastUsedAt) < 60 && session.scope.utf8.count <= 256
                    let expected = entry.grant(question, now: now)?.written(in: form)
                    let found = table.grant(resting, question, scope: session.scope, now: now)?.written(in: form)
                    #expect(found?.headers == (isQuiet ? expected?.headers : nil))
                    #expect(found?.metadata == (isQuiet ? expected?.metadata : nil))
                    #expect(table.grant(resting, question, scope: session.scope + "x", now: now) == nil)
                }
            }
        }
    }

    /// A table's texts and patterns.
    private struct Tables {
        var texts = KnownTexts()
        var patterns = ReplyPatterns()

        /// One that has changed since it awoke.
        mutating func entry(
            _ session: Session, loadedAt: UnixTime, _ permits: [RestingPermit] = []
        ) -> CachedSession {
            let other = CachedSession(session, loadedAt: loadedAt)
            let rest = RestingSession(other, &texts, &patterns)
            let entry = CachedSession(session, loadedAt: loadedAt, rest: rest, permits: permits)
            entry.noteUse(at: session.lastUsedAt)
            return entry
        }

        mutating func resting(_ entry: CachedSession) -> RestingSession { RestingSession(entry, &texts, &patterns) }

        mutating func resting(_ session: Session) -> RestingSession {
            resting(CachedSession(session, loadedAt: session.lastUsedAt))
        }

        func awoken(_ resting: RestingSession) -> CachedSession? { resting.awoken(texts, patterns) }

        func grant(_ resting: RestingSession, _ question: GrantQuestion, scope: String, now: UnixTime) -> AcceptedGrant? {
            resting.grant(question, scope: scope, now: now, quietFor: 60, texts, patterns)?.unfolded()
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

    private func described(_ permit: RestingPermit) -> [UInt8] {
        let written = GrantForm.allCases.map { form in permit.grant.written(in: form) }
        let bytes = written.map { "\($0?.headers ?? [0]) \($0?.metadata ?? [0]) \($0?.isSound ?? false)" }
        return Array("\(permit.rule) \(permit.tenant.debugDescription) \(permit.until) \(bytes)".utf8)
    }

    @Test func textsThatLookAlikeStayDifferent() throws {
        var random = RandomSessions(seed: 1)
        var table = Tables()
        let composed = table.resting(random.session(groups: ["\u{E9}", "admins"]))
        let decomposed = table.resting(random.session(groups: ["e\u{301}", "admins"]))
        let groups = try [composed, decomposed].map { resting in
            try #require(table.awoken(resting)).session.identity.groups.map { Array($0.utf8) }
        }
        #expect(groups == [["\u{E9}", "admins"].map { Array($0.utf8) }, ["e\u{301}", "admins"].map { Array($0.utf8) }])
    }

    @Test func thousandsOfGroupNamesAreKeptWithTheirSessions() throws {
        var random = RandomSessions(seed: 2)
        var table = Tables()
        for number in 0..<30 {
            let groups = (0..<100).map { "group-\(number)-\($0)" }
            let resting = table.resting(random.session(groups: groups))
            #expect(try #require(table.awoken(resting)).session.identity.groups == groups)
        }
    }

    /// As after a sign-in at our own provider: what performance.md promises for each, beyond its claims.
    @Test func anOrdinaryOneTakesSomeHundredBytes() throws {
        var table = Tables()
        let key = try SigningKey.generate(.es256)
        let sizes = try (1...20).map { number in try size(number, key, &table) }
        // The first is the pattern of the others.
        #expect(try #require(sizes.dropFirst().max()) <= 320)
    }

    private func size(_ number: Int, _ key: SigningKey, _ table: inout Tables) throws -> Int {
        let now = UnixTime(seconds: 1_800_000_000 + Int64(number * 77))
        let (user, email) = ("user-\(number * 7919)", "user-\(number * 7919)@example.com")
        let claims = JSONObject([
            ("email", .string(email)), ("email_verified", true), ("groups", ["team-a", "team-b"]), ("name", "Some Body"),
            ("preferred_username", .string(user)),
        ])
        let session = Session(
            key: SessionKey(digest: sha256("\(number)".utf8)),
            identity: Identity(issuer: "https://apps.example.com/dex", subject: "subject-\(number * 7907)", claims: claims),
            scope: "https://apps.example.com", providerID: "corp",
            providerSessionID: Base64URL.encode(sha256(user.utf8).prefix(16)), authTime: now,
            authentication: SessionAuthentication(time: now, amr: ["pwd"]), createdAt: now, lastUsedAt: now,
            expiresAt: now.adding(86400), idToken: nil, refreshToken: nil, grantedScopes: ["openid", "email", "groups"],
            refresh: RefreshState(dueAt: now.adding(3000)),
            device: SessionDevice(userAgent: "Firefox on Linux", address: "192.0.2.1"))
        let signer = AssertionSigner(
            header: "x-gatehouse-assertion", issuer: "https://apps.example.com", audience: "apps", lifetime: 300, key: key,
            published: JSONWebKeySet(keys: []))
        let token = try signer.sign(session, now: now).token
        let headers =
            "HTTP/1.1 200 OK\r\nx-gatehouse-assertion: \(token)\r\nx-auth-request-email: \(email)\r\n"
            + "x-auth-request-user: \(user)\r\nx-auth-request-groups: team-a,team-b\r\nauthorization: \r\n"
        let written = WrittenGrant(headers: Array(headers.utf8), isSound: true)
        let grant = AcceptedGrant([.http: written], names: GrantNames.of(set: [], removed: []))
        let permit = RestingPermit(rule: 3, tenant: nil, until: now.adding(200), grant: grant)
        let resting = table.resting(table.entry(session, loadedAt: now, [permit]))
        let question = GrantQuestion(rule: 3, tenant: nil, form: .http)
        let found = try #require(table.grant(resting, question, scope: session.scope, now: now))
        #expect(found.written(in: .http)?.headers == written.headers)
        return resting.size - JSONValue.object(claims).jsonBytes.count
    }

    /// No input reaches it, and still: what does not fit is a session that the store is asked for.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func whatIsDamagedIsReadOrIsNot(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        var texts = KnownTexts()
        for length in stride(from: 0, to: 300, by: 7) {
            let bytes = (0..<length).map { _ in random.byte() }
            var reader = PackedReader(bytes[...])
            guard let value = try? reader.value(among: texts) else { continue }
            var writer = PackedWriter()
            writer.write(value, among: &texts)
            let written = writer.bytes
            var again = PackedReader(written[...])
            #expect(try again.value(among: texts).jsonBytes == value.jsonBytes)
        }
        var table = Tables()
        let resting = table.resting(random.session())
        // Of another table's texts none are found.
        #expect(resting.awoken(KnownTexts(), table.patterns) == nil)
    }

    /// What a pattern has not folded itself: nothing, or something that is as long as it says.
    @Test(arguments: 0..<500 as Range<UInt64>)
    func whatNobodyFoldedIsNoReason(seed: UInt64) throws {
        var random = RandomSessions(seed: seed)
        let sample = WrittenGrant(headers: Array("x-user: somebody\r\n".utf8), isSound: true)
        let pattern = ReplyPattern(sample, in: .http, names: GrantNames.of(set: [], removed: []))
        let session = (0..<40).map { _ in random.byte() }
        let folded = [UInt8(seed % 30), 0, 0, 0, 0] + (0..<60).map { _ in random.byte() % 64 }
        guard let unfolded = pattern.unfolded(folded[...], with: session[...]) else { return }
        #expect(unfolded.headers.count == Int(seed % 30) && unfolded.metadata.isEmpty)
    }
}
