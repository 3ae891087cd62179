package import JOSE
import AuthService
package import OpenIDProvider

/// Sessions at the provider, consents and notices of sign-outs in Redis.
extension RedisProviderStore: SSOStore {
    package func session(_ key: SecretDigest) async throws(ProviderStoreFailure) -> SSOSession? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.signIn, key.recordID, SSOFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try SSOFields.read(stored) }
    }

    package func session(ofAccount id: String) async throws(ProviderStoreFailure) -> SSOSession? {
        try await sessions(setName("a", id), limit: 1).first
    }

    /// The sets are in the order of beginnings: all that are meant are read, and brought into the order of their last use.
    package func sessions(ofUser user: String?, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession] {
        let meant = try await sessions(user.map { setName("n", $0) } ?? "all", limit: Self.many)
        return Array(meant.sorted { $0.lastUsedAt > $1.lastUsedAt }.prefix(max(0, limit)))
    }

    private func sessions(_ set: String, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession] {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(.signIn, RecordChoice(set: set), limit: limit, SSOFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try SSOFields.read(stored) }
    }

    package func begin(
        _ session: SSOSession, inPlaceOf old: SSOSession?
    ) async throws(ProviderStoreFailure) -> Bool {
        let replaced: [RedisArgument] = old.map { [.text($0.key.recordID), .number($0.version)] } ?? ["", ""]
        return try await providing { () async throws(StoreFailure) in
            try await database.count(.beginSession, replaced + SSOFields.record(session).arguments) == 1
        }
    }

    package func replace(_ session: SSOSession) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.replace(SSOFields.record(session)) }
    }

    /// Reads the sessions, and writes them without the accounts if they are still as they were; otherwise once more.
    package func end(_ ending: SSOEnding, keepingOffline: Bool) async throws(ProviderStoreFailure) {
        for _ in 0..<Self.attempts {
            let changes = try await changes(ending.accountIDs)
            let grants = ending.accountIDs.map {
                RecordChoice(set: setName("s", $0), sparing: keepingOffline ? ("o", "1") : ("", ""))
            }
            let notices = ending.notices.map { NoticeFields.record($0).arguments }
            let arguments = Self.counted(changes) + Self.counted(notices) + Self.counted(grants.map(\.arguments))
            let isDone = try await providing { () async throws(StoreFailure) in
                try await database.count(.endAccounts, arguments) == 1
            }
            if isDone { return }
        }
        throw ProviderStoreFailure(detail: "Redis: a session changed each time that it was to end")
    }

    private static let attempts = 16

    private static func counted(_ parts: [[RedisArgument]]) -> [RedisArgument] {
        [.number(Int64(parts.count))] + parts.flatMap { $0 }
    }

    /// Of each session that has one of the accounts: its id, its version, and what becomes of it.
    private func changes(_ accountIDs: [String]) async throws(ProviderStoreFailure) -> [[RedisArgument]] {
        var sessions: [SecretDigest: SSOSession] = [:]
        for id in accountIDs {
            if let session = try await session(ofAccount: id) { sessions[session.key] = session }
        }
        let ended = Set(accountIDs.map { Array($0.utf8) })
        return sessions.values.map { session in
            var next = session
            next.accounts.removeAll { ended.contains(Array($0.id.utf8)) }
            next.version = session.version.addingReportingOverflow(1).partialValue
            let head: [RedisArgument] = [.text(session.key.recordID), .number(session.version)]
            return head + (next.accounts.isEmpty ? ["0"] : ["1"] + SSOFields.record(next).arguments)
        }
    }

    package func accounts(ofSubject subject: String) async throws(ProviderStoreFailure) -> [String] {
        try await sessions(setName("s", subject), limit: Self.many).flatMap(\.accounts)
            .filter { $0.subject.utf8.elementsEqual(subject.utf8) }.map(\.id)
    }

    package func sweepSessions(
        expiredAt: UnixTime, idleBefore: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.sweep(.signIn, expiredAt: expiredAt.seconds, idleBefore: idleBefore.seconds, limit: limit)
        }
    }
}

extension RedisProviderStore {
    package func consent(subject: String, client: String) async throws(ProviderStoreFailure) -> ConsentRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.consent, ConsentFields.id(subject: subject, client: client), ConsentFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try ConsentFields.read(stored) }
    }

    package func consents(ofSubject subject: String) async throws(ProviderStoreFailure) -> [ConsentRecord] {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(
                .consent, RecordChoice(set: setName("s", subject)), limit: Self.many, ConsentFields.all)
        }
        let consents = try stored.map { stored throws(ProviderStoreFailure) in try ConsentFields.read(stored) }
        return consents.sorted { $0.clientID.utf8.lexicographicallyPrecedes($1.clientID.utf8) }
    }

    package func remember(_ consent: ConsentRecord) async throws(ProviderStoreFailure) {
        try await providing { () async throws(StoreFailure) in try await database.put(ConsentFields.record(consent)) }
    }

    package func revokeConsent(subject: String, client: String) async throws(ProviderStoreFailure) {
        let grants = RecordChoice(set: setName("u", subject), also: setName("c", client))
        _ = try await providing { () async throws(StoreFailure) in
            try await database.run(
                .revokeConsent, [.text(ConsentFields.id(subject: subject, client: client))] + grants.arguments)
        }
    }

    package func claimNotices(
        dueAt now: UnixTime, until: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> [LogoutNotice] {
        let stored = try await providing { () async throws(StoreFailure) in
            try RedisDatabase.stored(
                try await database.run(
                    .claimNotices, [.number(now.seconds), .number(until.seconds), .number(Int64(limit))]))
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try NoticeFields.read(stored, nextAttemptAt: until) }
    }

    package func dropNotice(id: String) async throws(ProviderStoreFailure) {
        try await providing { () async throws(StoreFailure) in _ = try await database.drop(.notice, [id]) }
    }

    package func postponeNotice(id: String, until next: UnixTime) async throws(ProviderStoreFailure) {
        try await providing { () async throws(StoreFailure) in
            _ = try await database.run(.postponeNotice, [.text(id), .number(next.seconds)])
        }
    }
}
