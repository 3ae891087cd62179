import AuthService
import JOSE
import Storage
import Synchronization

/// A memory store that fails while it is told to, and counts its sessions.
final class FailingSessionStore: SessionStore {
    private let store = MemorySessionStore()
    let isDown = Mutex(false)
    /// One session cannot be read, the others can.
    let damaged = Mutex<SessionKey?>(nil)
    /// Another replica has the refresh of every cookie.
    let refreshesElsewhere = Mutex(false)
    let created = Mutex(0)
    let touched = Mutex(0)
    let asked = Mutex(0)

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
        if damaged.withLock({ $0 == key }) { throw StoreFailure(detail: "damaged", isOfOneRecord: true) }
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

    func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        try check()
        return try await store.deleteAll(selection)
    }

    func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure) {
        try check()
        try await store.revoke(key, until: expiresAt)
    }

    func remember(_ ending: SessionEnding) async throws(StoreFailure) {
        try check()
        try await store.remember(ending)
    }

    func beginning(of session: Session) async throws(StoreFailure) -> UnixTime {
        try check()
        return try await store.beginning(of: session)
    }

    func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool {
        try check()
        asked.withLock { $0 += 1 }
        return try await store.hasEnded(session)
    }

    func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try check()
        if refreshesElsewhere.withLock({ $0 }) { return false }
        return try await store.claimCookieRefresh(key, version: version, now: now, until: until)
    }

    func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        try check()
        return try await store.changes(since: position)
    }

    func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try check()
        return try await store.delete(key)
    }

    func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome {
        try check()
        return try await store.signOut(notice, remembering: ending)
    }

    func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try check()
        return try await store.sweep(expiredAt: expiredAt, idleBefore: idleBefore, limit: limit)
    }
}
