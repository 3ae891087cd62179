import Accounts
import JOSE

/// A session in memory that nobody has used for the last few thousand checks: what a `CachedSession` is, in one piece of some 400 bytes.
/// Of what it is granted the assertion's signature is here; all the rest is made anew when it is asked for.
///
/// One reference wide, so that a slot of the table is, too.
struct RestingSession: Sendable {
    /// The key's 32 bytes and the last use's 8, which are looked at while it rests; behind them the packed rest.
    private let bytes: [UInt8]

    private static let usedAtOffset = 32
    private static let packedOffset = 40

    /// What the heap and the array take for themselves.
    private static let overhead = 48

    /// Bytes that this takes in memory.
    var size: Int { bytes.count + Self.overhead }

    var key: SessionKey { SessionKey(words: (word(0), word(8), word(16), word(24))) }

    var usedAt: UnixTime { UnixTime(seconds: Int64(bitPattern: word(Self.usedAtOffset))) }

    /// - Parameter texts: the same that are given when it is read.
    init(_ entry: CachedSession, _ texts: inout KnownTexts) {
        var writer = PackedWriter()
        let words = entry.key.hash.words
        for word in [words.0, words.1, words.2, words.3, UInt64(bitPattern: entry.usedAt.seconds)] { writer.write(whole: word) }
        writer.write(entry.loaded.milliseconds)
        writer.write(entry.session.createdAt.seconds)
        writer.write(entry.loadedAt, after: entry.session.createdAt)
        writer.write(entry.session, &texts)
        let permits = entry.permitsToKeep
        writer.write(count: permits.count)
        for permit in permits { writer.write(permit, after: entry.session.createdAt) }
        // A copy has no room to spare.
        bytes = writer.bytes.map { $0 }
    }

    /// `nil`: it cannot be read, and the store has to be.
    func awoken(_ texts: KnownTexts) -> CachedSession? {
        do throws(PackedReader.Damaged) {
            var reader = PackedReader(bytes, from: Self.packedOffset)
            let loaded = SteadyTime(milliseconds: try reader.integer())
            let createdAt = UnixTime(seconds: try reader.integer())
            let loadedAt = try reader.moment(after: createdAt)
            let session = try reader.session(key: key, createdAt: createdAt, usedAt: usedAt, texts)
            let permits = try reader.list { (reader) throws(PackedReader.Damaged) in try reader.permit(after: createdAt) }
            return CachedSession(session, loadedAt: loadedAt, loaded, rest: self, permits: permits)
        } catch { return nil }
    }

    /// - Parameter offset: of the 40 bytes that there always are.
    private func word(_ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }
}

/// That a rule has let a person in, without what it grants: that can be made of the session and this.
struct KnownPermit: Sendable {
    let rule: Int
    let tenant: String?
    let until: UnixTime
    /// Of the assertion; `nil` where there is none.
    let proof: AssertionProof?
}

// Moments are near the session's beginning, and then take two to four bytes.

extension PackedWriter {
    fileprivate mutating func write(_ moment: UnixTime, after beginning: UnixTime) {
        write(moment.seconds &- beginning.seconds)
    }

    fileprivate mutating func write(_ moment: UnixTime?, after beginning: UnixTime) {
        write(moment) { $0.write($1, after: beginning) }
    }

    /// Everything but key, beginning and last use. Of the tokens those that are held in memory.
    fileprivate mutating func write(_ session: Session, _ texts: inout KnownTexts) {
        let beginning = session.createdAt
        write(session.scope, among: &texts)
        write(session.expiresAt, after: beginning)
        write(session.version)
        write(session.refresh.dueAt, after: beginning)
        write(session.refresh.claimedUntil, after: beginning)
        write(session.refresh.failingSince, after: beginning)
        write(session.identity.issuer, among: &texts)
        write(session.identity.subject)
        write(session.identity.claims, among: &texts)
        write(session.providerID, among: &texts)
        write(session.providerSessionID) { $0.write($1) }
        write(session.authTime, after: beginning)
        write(session.authentication.time, after: beginning)
        write([session.authentication.acr].compactMap { $0 }, among: &texts)
        write(session.authentication.amr, among: &texts)
        write(session.grantedScopes, among: &texts)
        write(session.device.userAgent, among: &texts)
        write(session.device.address)
        for token in [session.idToken, session.refreshToken, session.accessToken] { write(token) { $0.write($1.bytes) } }
    }

    private mutating func write(_ list: [String], among texts: inout KnownTexts) {
        write(count: list.count)
        for text in list { write(text, among: &texts) }
    }

    fileprivate mutating func write(_ permit: KnownPermit, after beginning: UnixTime) {
        write(Int64(permit.rule))
        write(permit.tenant) { $0.write($1) }
        write(permit.until, after: beginning)
        write(permit.proof) {
            $0.write($1.signedAt, after: beginning)
            $0.write($1.signature)
        }
    }
}

extension PackedReader {
    fileprivate mutating func moment(after beginning: UnixTime) throws(Damaged) -> UnixTime {
        UnixTime(seconds: beginning.seconds &+ (try integer()))
    }

    private mutating func optionalMoment(after beginning: UnixTime) throws(Damaged) -> UnixTime? {
        try optional { (reader) throws(Damaged) in try reader.moment(after: beginning) }
    }

    fileprivate mutating func session(
        key: SessionKey, createdAt: UnixTime, usedAt: UnixTime, _ texts: KnownTexts
    ) throws(Damaged) -> Session {
        let scope = try text(among: texts)
        let expiresAt = try moment(after: createdAt)
        let version = try integer()
        let refresh = RefreshState(
            dueAt: try optionalMoment(after: createdAt), claimedUntil: try optionalMoment(after: createdAt),
            failingSince: try optionalMoment(after: createdAt))
        let identity = Identity(issuer: try text(among: texts), subject: try text(), claims: try object(among: texts))
        let providerID = try text(among: texts)
        let providerSessionID = try optional { (reader) throws(Damaged) in try reader.text() }
        let authTime = try moment(after: createdAt)
        let authentication = SessionAuthentication(
            time: try optionalMoment(after: createdAt), acr: try self.texts(among: texts).first, amr: try self.texts(among: texts)
        )
        let grantedScopes = try self.texts(among: texts)
        let device = SessionDevice(userAgent: try text(among: texts), address: try text())
        return Session(
            key: key, version: version, identity: identity, scope: scope, providerID: providerID,
            providerSessionID: providerSessionID, authTime: authTime, authentication: authentication, createdAt: createdAt,
            lastUsedAt: usedAt, expiresAt: expiresAt, idToken: try secret(), refreshToken: try secret(),
            accessToken: try secret(), grantedScopes: grantedScopes, refresh: refresh, device: device)
    }

    private mutating func texts(among known: KnownTexts) throws(Damaged) -> [String] {
        try list { (reader) throws(Damaged) in try reader.text(among: known) }
    }

    private mutating func secret() throws(Damaged) -> Secret? {
        try optional { (reader) throws(Damaged) in Secret(try reader.byteString()) }
    }

    fileprivate mutating func permit(after beginning: UnixTime) throws(Damaged) -> KnownPermit {
        guard let rule = Int(exactly: try integer()) else { throw Damaged() }
        return KnownPermit(
            rule: rule, tenant: try optional { (reader) throws(Damaged) in try reader.text() },
            until: try moment(after: beginning),
            proof: try optional { (reader) throws(Damaged) in
                AssertionProof(signedAt: try reader.moment(after: beginning), signature: try reader.byteString())
            })
    }
}
