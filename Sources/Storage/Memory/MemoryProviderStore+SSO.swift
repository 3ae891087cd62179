package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// Whose consent, and to whom.
struct ConsentKey: Hashable {
    let subject: String
    let client: String
}

extension MemoryProviderStore: SSOStore {
    package func session(_ key: SecretDigest) async throws(ProviderStoreFailure) -> SSOSession? { sessions[key] }

    package func session(ofAccount id: String) async throws(ProviderStoreFailure) -> SSOSession? {
        sessions.values.first { $0.accounts.contains { $0.id == id } }
    }

    package func sessions(ofUser user: String?, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession] {
        let meant = sessions.values.filter { session in
            user.map { user in session.accounts.contains { $0.isCalled(user) } } ?? true
        }
        return Array(meant.sorted { $0.lastUsedAt > $1.lastUsedAt }.prefix(max(0, limit)))
    }

    package func begin(
        _ session: SSOSession, inPlaceOf old: SSOSession?
    ) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(SSOSessionRow.values(session))
        if let old {
            guard sessions[old.key]?.version == old.version else { return false }
            sessions[old.key] = nil
        }
        sessions[session.key] = session
        return true
    }

    package func replace(_ session: SSOSession) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(SSOSessionRow.values(session))
        guard let stored = sessions[session.key], stored.version == session.version - 1 else { return false }
        sessions[session.key] = session
        return true
    }

    package func end(_ ending: SSOEnding, keepingOffline: Bool) async throws(ProviderStoreFailure) {
        for notice in ending.notices { try RecordLimit.checkProvider(LogoutNoticeRow.values(notice)) }
        for id in ending.accountIDs {
            for var session in sessions.values where session.accounts.contains(where: { $0.id == id }) {
                session.accounts.removeAll { $0.id == id }
                session.version += 1
                sessions[session.key] = session.accounts.isEmpty ? nil : session
            }
            let ended = grants.values.filter { $0.sessionID == id && !(keepingOffline && $0.scope.contains("offline_access")) }
            for grant in ended { drop(grant.id) }
        }
        for notice in ending.notices { notices[notice.id] = notice }
    }

    package func accounts(ofSubject subject: String) async throws(ProviderStoreFailure) -> [String] {
        sessions.values.flatMap(\.accounts).filter { $0.subject == subject }.map(\.id)
    }

    package func sweepSessions(
        expiredAt: UnixTime, idleBefore: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        let over = sessions.values.filter { $0.expiresAt <= expiredAt || $0.lastUsedAt <= idleBefore }.prefix(limit)
        for session in over { sessions[session.key] = nil }
        return over.count
    }

    package func consent(subject: String, client: String) async throws(ProviderStoreFailure) -> ConsentRecord? {
        consents[ConsentKey(subject: subject, client: client)]
    }

    package func consents(ofSubject subject: String) async throws(ProviderStoreFailure) -> [ConsentRecord] {
        consents.values.filter { $0.subject == subject }.sorted { $0.clientID < $1.clientID }
    }

    package func remember(_ consent: ConsentRecord) async throws(ProviderStoreFailure) {
        try RecordLimit.checkProvider(ConsentRow.values(consent))
        consents[ConsentKey(subject: consent.subject, client: consent.clientID)] = consent
    }

    package func revokeConsent(subject: String, client: String) async throws(ProviderStoreFailure) {
        consents[ConsentKey(subject: subject, client: client)] = nil
        for grant in grants.values where grant.subject == subject && grant.clientID == client { drop(grant.id) }
    }

    package func claimNotices(
        dueAt now: UnixTime, until: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> [LogoutNotice] {
        let due = notices.values.filter { $0.nextAttemptAt <= now }.sorted { $0.nextAttemptAt < $1.nextAttemptAt }.prefix(limit)
        return due.map { notice in
            var claimed = notice
            claimed.nextAttemptAt = until
            notices[notice.id] = claimed
            return claimed
        }
    }

    package func dropNotice(id: String) async throws(ProviderStoreFailure) { notices[id] = nil }

    package func postponeNotice(id: String, until next: UnixTime) async throws(ProviderStoreFailure) {
        guard var notice = notices[id] else { return }
        notice.attempts += 1
        notice.nextAttemptAt = next
        notices[id] = notice
    }
}
