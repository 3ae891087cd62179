import Accounts
import JOSE
import Web

/// A session in memory that nobody has used for the last few thousand checks: what a `CachedSession` is, in one piece of some 400
/// bytes. As long as nothing about it is due, checks are answered from it as it is.
///
/// One reference wide, so that a slot of the table is, too.
struct RestingSession: Sendable {
    /// What is looked at while it rests, each number as wide as the next one's offset says; then the permits, and last the packed
    /// session.
    private let bytes: [UInt8]

    /// Behind the key's 32 bytes.
    private static let loadedAtOffset = 32
    /// Of these two, the seconds since it was loaded.
    private static let usedAtOffset = 40
    private static let dueAtOffset = 44
    private static let scopeOffset = 48
    private static let sessionOffset = 50
    private static let permitsOffset = 52

    /// What the heap and the array take for themselves.
    private static let overhead = 48

    /// Bytes that this takes in memory.
    var size: Int { bytes.count + Self.overhead }

    var key: SessionKey { SessionKey(words: (word(0), word(8), word(16), word(24))) }

    /// To the second within 68 years of `loadedAt`.
    var usedAt: UnixTime { moment(Self.usedAtOffset) }

    /// When the store had it so, in whole seconds.
    var loadedAt: UnixTime { UnixTime(seconds: Int64(bitPattern: word(Self.loadedAtOffset))) }

    /// - Parameters:
    ///   - texts, patterns: the same that are given when it is read.
    init(_ entry: CachedSession, _ texts: inout KnownTexts, _ patterns: inout ReplyPatterns) {
        var packed = PackedWriter()
        packed.write(entry.session, since: entry.loadedAt, &texts)
        let session = packed.bytes
        var permits = PackedWriter()
        permits.write(entry.restingPermits, since: entry.loadedAt, session, &patterns)
        // What is too far behind for its number to say where rests without them.
        let reaches = Self.permitsOffset + permits.bytes.count <= Int(UInt16.max)
        let permitBytes = reaches ? permits.bytes : []
        var head = PackedWriter()
        let words = entry.key.hash.words
        for word in [words.0, words.1, words.2, words.3] { head.write(whole: word) }
        head.write(whole: UInt64(bitPattern: entry.loadedAt.seconds))
        for moment in [entry.usedAt, min(entry.session.expiresAt, entry.session.refresh.dueAt ?? .distantFuture)] {
            head.write(word: Int32(clamping: moment.since(entry.loadedAt)))
        }
        head.write(half: texts.number(of: entry.session.scope).flatMap { UInt16(exactly: $0) } ?? .max)
        head.write(half: UInt16(truncatingIfNeeded: Self.permitsOffset + permitBytes.count))
        // No more than it takes: there may be a million.
        var all: [UInt8] = []
        all.reserveCapacity(head.bytes.count + permitBytes.count + session.count)
        all.append(contentsOf: head.bytes)
        all.append(contentsOf: permitBytes)
        all.append(contentsOf: session)
        bytes = all
    }

    /// What a rule grants, if all that has to be known for it can be seen here.
    /// - Parameters:
    ///   - scope: where the cookie came.
    ///   - quietFor: seconds since the last use after which something is to be done.
    func grant(
        _ question: GrantQuestion, scope: String, now: UnixTime, quietFor: Int64, _ texts: KnownTexts, _ patterns: ReplyPatterns
    ) -> FoldedGrant? {
        guard now < moment(Self.dueAtOffset), now.since(usedAt) < quietFor, now >= loadedAt,
            let known = texts[Int(half(Self.scopeOffset))], sameBytes(known, scope)
        else { return nil }
        var reader = PackedReader(bytes[Self.permitsOffset..<sessionStart])
        return try? reader.grant(question, since: loadedAt, now: now, bytes[sessionStart...], patterns)
    }

    /// `nil`: it cannot be read, and the store has to be.
    func awoken(_ texts: KnownTexts, _ patterns: ReplyPatterns) -> CachedSession? {
        do throws(PackedReader.Damaged) {
            var reader = PackedReader(bytes[sessionStart...])
            let session = try reader.session(key: key, since: loadedAt, usedAt: usedAt, texts)
            var permits = PackedReader(bytes[Self.permitsOffset..<sessionStart])
            return CachedSession(
                session, loadedAt: loadedAt, rest: self,
                permits: try permits.permits(since: loadedAt, bytes[sessionStart...], patterns))
        } catch { return nil }
    }

    private var sessionStart: Int { min(max(Self.permitsOffset, Int(half(Self.sessionOffset))), bytes.count) }

    private func moment(_ offset: Int) -> UnixTime {
        let seconds = bytes.withUnsafeBytes { Int32(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Int32.self)) }
        return loadedAt.adding(Int64(seconds))
    }

    // Of the bytes that there always are.

    private func word(_ offset: Int) -> UInt64 {
        bytes.withUnsafeBytes { UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) }
    }

    private func half(_ offset: Int) -> UInt16 {
        bytes.withUnsafeBytes { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) }
    }
}

extension UnixTime {
    fileprivate static let distantFuture = UnixTime(seconds: .max)
}

// Moments are near the session's beginning, and then take two to four bytes.

extension PackedWriter {
    private mutating func write(_ moment: UnixTime, after beginning: UnixTime) {
        write(moment.seconds &- beginning.seconds)
    }

    private mutating func write(_ moment: UnixTime?, after beginning: UnixTime) {
        write(moment) { $0.write($1, after: beginning) }
    }

    /// Everything but key, last use and device. Of the tokens those that are held in memory.
    fileprivate mutating func write(_ session: Session, since loadedAt: UnixTime, _ texts: inout KnownTexts) {
        let beginning = session.createdAt
        write(beginning, after: loadedAt)
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
        for token in [session.idToken, session.refreshToken, session.accessToken] { write(token) { $0.write($1.bytes) } }
    }

    private mutating func write(_ list: [String], among texts: inout KnownTexts) {
        write(count: list.count)
        for text in list { write(text, among: &texts) }
    }
}

extension PackedReader {
    private mutating func moment(after beginning: UnixTime) throws(Damaged) -> UnixTime {
        UnixTime(seconds: beginning.seconds &+ (try integer()))
    }

    private mutating func optionalMoment(after beginning: UnixTime) throws(Damaged) -> UnixTime? {
        try optional { (reader) throws(Damaged) in try reader.moment(after: beginning) }
    }

    fileprivate mutating func session(
        key: SessionKey, since loadedAt: UnixTime, usedAt: UnixTime, _ texts: KnownTexts
    ) throws(Damaged) -> Session {
        let createdAt = try moment(after: loadedAt)
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
        return Session(
            key: key, version: version, identity: identity, scope: scope, providerID: providerID,
            providerSessionID: providerSessionID, authTime: authTime, authentication: authentication, createdAt: createdAt,
            lastUsedAt: usedAt, expiresAt: expiresAt, idToken: try secret(), refreshToken: try secret(),
            accessToken: try secret(), grantedScopes: grantedScopes, refresh: refresh, device: SessionDevice())
    }

    private mutating func texts(among known: KnownTexts) throws(Damaged) -> [String] {
        try list { (reader) throws(Damaged) in try reader.text(among: known) }
    }

    private mutating func secret() throws(Damaged) -> Secret? {
        try optional { (reader) throws(Damaged) in Secret(Array(try reader.byteSlice())) }
    }
}
