import AuthService
import JOSE
import Storage
import Synchronization

/// A memory store that fails while it is told to, and counts its sessions.
final class FailingSessionStore: SessionStore {
    private let store = MemorySessionStore()
    let isDown = Mutex(false)
    let created = Mutex(0)
    let touched = Mutex(0)

    private func check() throws(StoreFailure) {
        if isDown.withLock({ $0 }) { throw StoreFailure(detail: "down") }
    }

    func create(_ session: Session) async throws(StoreFailure) {
        try check()
        created.withLock { $0 += 1 }
        try await store.create(session)
    }

    func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        try check()
        return try await store.load(key)
    }

    func touch(_ uses: [SessionUse]) async throws(StoreFailure) {
        try check()
        touched.withLock { $0 += uses.count }
        try await store.touch(uses)
    }

    func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        try check()
        return try await store.replace(session)
    }

    func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try check()
        return try await store.claimRefresh(key, version: version, now: now, until: until)
    }

    func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        try check()
        return try await store.list(selection, limit: limit)
    }

    func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [SessionKey] {
        try check()
        return try await store.deleteAll(selection)
    }

    func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        try check()
        try await store.revoke(key, until: expiresAt)
    }

    func isRevoked(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try check()
        return try await store.isRevoked(key)
    }

    func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        try check()
        return try await store.changes(since: position)
    }

    func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try check()
        return try await store.delete(key)
    }

    func signOut(_ notice: SignOutNotice) async throws(StoreFailure) -> SignOutNotice.Outcome {
        try check()
        return try await store.signOut(notice)
    }

    func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try check()
        return try await store.sweep(expiredAt: expiredAt, idleBefore: idleBefore, limit: limit)
    }
}
