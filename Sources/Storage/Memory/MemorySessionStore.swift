package import AuthService
package import JOSE

/// Sessions in memory: for tests, and for trying things out. Gone with the process.
package actor MemorySessionStore: SessionStore {
    private var sessions: [SessionKey: Session] = [:]

    package init() {}

    package func create(_ session: Session) async throws(StoreFailure) {
        guard sessions[session.key] == nil else { throw StoreFailure(detail: "the session exists already") }
        sessions[session.key] = session
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? { sessions[key] }

    package func touch(_ key: SessionKey, usedAt: UnixTime) async throws(StoreFailure) {
        guard var session = sessions[key], session.lastUsedAt < usedAt else { return }
        session.lastUsedAt = usedAt
        session.version += 1
        sessions[key] = session
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool { sessions.removeValue(forKey: key) != nil }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        let ended = sessions.values.filter { $0.expiresAt <= expiredAt || $0.lastUsedAt <= idleBefore }.prefix(limit)
        for session in ended { sessions[session.key] = nil }
        return ended.count
    }
}
