import Accounts
package import AuthService
package import JOSE

/// Sessions in memory: for tests, and for trying things out. Gone with the process.
package actor MemorySessionStore: SessionStore {
    private var sessions: [SessionKey: Session] = [:]
    private var revoked: [SessionKey: UnixTime] = [:]
    /// By the digest of their marks.
    private var endings: [[UInt8]: SessionEnding] = [:]
    /// The latest that `beginning` made later than it was.
    private var latestBeginning = UnixTime(seconds: 0)
    private var refreshClaims: [SessionKey: (version: Int64, until: UnixTime)] = [:]
    /// The digests of notices of sign-out, and until when each is remembered.
    private var notices: [[UInt8]: UnixTime] = [:]

    package init() {}

    /// How many there are, those included that have ended and are not swept yet.
    package func count() -> Int { sessions.count }

    package func create(_ session: Session) async throws(StoreFailure) {
        try RecordLimit.check(SessionRow.values(session))
        guard sessions[session.key] == nil else { throw StoreFailure(detail: "the session exists already") }
        sessions[session.key] = session
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? { sessions[key] }

    package func touch(_ uses: [SessionUse]) async throws(StoreFailure) {
        for use in uses {
            guard let session = sessions[use.key], session.lastUsedAt < use.moment else { continue }
            sessions[use.key]?.lastUsedAt = use.moment
        }
    }

    package func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        try RecordLimit.check(SessionRow.values(session))
        guard let stored = sessions[session.key], stored.version == session.version - 1 else { return false }
        var next = session
        next.lastUsedAt = stored.lastUsedAt
        sessions[session.key] = next
        return true
    }

    package func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        guard var session = sessions[key], session.version == version,
            session.refresh.claimedUntil.map({ $0 <= now }) ?? true
        else { return false }
        session.version += 1
        session.refresh.claimedUntil = until
        sessions[key] = session
        return true
    }

    package func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        Array(sessions.values.filter { $0.matches(selection) }.sorted { $0.createdAt > $1.createdAt }.prefix(limit))
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool { sessions.removeValue(forKey: key) != nil }

    package func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        let ended = sessions.values.filter { $0.matches(selection) }
        for session in ended { sessions[session.key] = nil }
        return ended.map { EndedSession($0) }
    }

    package func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        if let ending { try RecordLimit.check([.of(ending.marks.json.jsonText)]) }
        guard notices.updateValue(notice.rememberUntil, forKey: notice.digest) == nil else { return .replayed }
        let named = sessions.values.filter { $0.isNamed(by: notice) }
        for session in named { sessions[session.key] = nil }
        if let ending { keep(ending) }
        return .ended(named)
    }

    package func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) { revoked[key] = expiresAt }

    package func remember(_ ending: SessionEnding) async throws(StoreFailure) {
        try RecordLimit.check([.of(ending.marks.json.jsonText)])
        keep(ending)
    }

    private func keep(_ ending: SessionEnding) {
        let digest = ending.marks.digest
        let before = endings[digest]
        endings[digest] = SessionEnding(
            marks: ending.marks, endedAt: max(ending.endedAt, before?.endedAt ?? ending.endedAt, latestBeginning),
            rememberUntil: max(ending.rememberUntil, before?.rememberUntil ?? ending.rememberUntil))
    }

    package func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        let last = session.possibleMarks.compactMap { endings[$0.digest]?.endedAt }.max()
        guard let last, session.createdAt <= last else { return session.createdAt }
        let moment = last.adding(1)
        latestBeginning = max(latestBeginning, moment)
        return moment
    }

    package func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool {
        revoked[session.key] != nil
            || session.possibleMarks.contains { endings[$0.digest].map { session.createdAt <= $0.endedAt } ?? false }
    }

    package func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        if let claim = refreshClaims[key], claim.version >= version, claim.until > now { return false }
        refreshClaims[key] = (version, until)
        return true
    }

    /// No other process shares this memory, and this one knows what it does.
    package func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        SessionChanges(keys: [], position: 0)
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        let ended = sessions.values.filter { $0.expiresAt <= expiredAt || $0.lastUsedAt <= idleBefore }.prefix(limit)
        for session in ended { sessions[session.key] = nil }
        notices = notices.filter { $0.value > expiredAt }
        let forgotten = revoked.filter { $0.value <= expiredAt }.prefix(limit)
        for entry in forgotten { revoked[entry.key] = nil }
        let past = endings.filter { $0.value.rememberUntil <= expiredAt }.prefix(limit)
        for entry in past { endings[entry.key] = nil }
        refreshClaims = refreshClaims.filter { $0.value.until > expiredAt }
        return ended.count + forgotten.count + past.count
    }
}

extension Session {
    fileprivate func matches(_ selection: SessionSelection) -> Bool {
        switch selection {
        case .all: true
        case .user(let issuer, let subject): isSame(identity.issuer, issuer) && isSame(identity.subject, subject)
        case .named(let name):
            [identity.subject, identity.email, identity.preferredUsername].contains { isSame($0, name) }
        case .handle(let bytes): key.digest.starts(with: bytes)
        case .providerSession(let issuer, let id): isSame(identity.issuer, issuer) && isSame(providerSessionID, id)
        }
    }

    fileprivate func isNamed(by notice: SignOutNotice) -> Bool {
        isSame(identity.issuer, notice.issuer) && notice.subject.map { isSame(identity.subject, $0) } ?? true
            && notice.providerSessionID.map { isSame(providerSessionID, $0) } ?? true
    }

    private func isSame(_ one: String?, _ other: String) -> Bool { one?.utf8.elementsEqual(other.utf8) ?? false }
}
