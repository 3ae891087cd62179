package import AuthService
package import JOSE

/// What is kept of sessions that live in cookies, and of notices of sign-out.
extension RedisSessionStore {
    package func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        guard let choice = Self.choice(notice) else { return .ended([]) }
        let reply = try await database.run(
            .signOut,
            [.bytes(notice.digest), .number(notice.rememberUntil.seconds)]
                + (ending.map { ["1"] + Self.arguments($0) } ?? ["0"]) + RedisRecord.list(SessionRecord.fields)
                + choice.arguments)
        guard let list = reply.list else { return .replayed }
        return .ended(list.compactMap { StoredFields(listed: $0) }.compactMap { try? SessionRecord.read($0) })
    }

    /// `nil` for a notice that names nobody, which there is none of.
    private static func choice(_ notice: SignOutNotice) -> RecordChoice? {
        let user = notice.subject.map { SessionSelection.user(issuer: notice.issuer, subject: $0).setName }
        let session = notice.providerSessionID.map {
            SessionSelection.providerSession(issuer: notice.issuer, id: $0).setName
        }
        return (session ?? user).map { RecordChoice(set: $0, also: session == nil ? "" : user ?? "") }
    }

    package func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        _ = try await database.run(.revoke, [.text(SessionRecord.id(key)), .number(expiresAt.seconds)])
    }

    package func remember(_ ending: SessionEnding) async throws(StoreFailure) {
        _ = try await database.run(.remember, Self.arguments(ending))
    }

    private static func arguments(_ ending: SessionEnding) -> [RedisArgument] {
        [
            .bytes(ending.marks.digest), .number(ending.endedAt.seconds), .number(ending.rememberUntil.seconds),
            .text(ending.marks.json.jsonText),
        ]
    }

    package func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        let reply = try await database.run(.beginning, [.number(session.createdAt.seconds)] + Self.digests(session))
        guard let seconds = reply.integer else { throw RedisDatabase.odd }
        return UnixTime(seconds: seconds)
    }

    package func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool {
        try await database.count(
            .hasEnded, [.text(SessionRecord.id(session.key)), .number(session.createdAt.seconds)] + Self.digests(session)) == 1
    }

    private static func digests(_ session: Session) -> [RedisArgument] {
        RedisRecord.list(session.possibleMarks.map { .bytes($0.digest) })
    }

    package func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.count(
            .claimCookieRefresh,
            [.text(SessionRecord.id(key)), .number(version), .number(now.seconds), .number(until.seconds)]) == 1
    }
}
