package import JOSE

/// Where sessions live. Every operation either has happened when it returns, or throws `StoreFailure`; there is no in-between.
package protocol SessionStore: Sendable {
    func create(_ session: Session) async throws(StoreFailure)
    func load(_ key: SessionKey) async throws(StoreFailure) -> Session?
    /// Writes `lastUsedAt` if the stored one is older. A session that is gone stays gone.
    func touch(_ key: SessionKey, usedAt: UnixTime) async throws(StoreFailure)
    /// - Returns: whether there was such a session.
    @discardableResult
    func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool
    /// Deletes at most `limit` sessions that have expired, or were last used before `idleBefore`.
    /// - Returns: how many it deleted.
    func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int
}

/// A store that did not do what it was asked to: what needed it is refused for the moment, never allowed.
package struct StoreFailure: Error, Sendable {
    /// For the log: no user data.
    package let detail: String

    package init(detail: String) { self.detail = detail }
}
