package import JOSE

/// Where sessions live. Every operation either has happened when it returns, or throws `StoreFailure`; there is no in-between.
package protocol SessionStore: Sendable {
    func create(_ session: Session) async throws(StoreFailure)
    func load(_ key: SessionKey) async throws(StoreFailure) -> Session?
    /// Writes the `lastUsedAt` of many sessions, where the stored one is older. A session that is gone stays gone.
    func touch(_ uses: [SessionUse]) async throws(StoreFailure)
    /// Writes everything but `lastUsedAt`, if the stored session is the version before `session.version`.
    /// - Returns: whether it was.
    func replace(_ session: Session) async throws(StoreFailure) -> Bool
    /// Takes the refresh of a session's tokens for one replica, if the stored session is `version` and nobody has it at `now`.
    /// The version grows by one.
    /// - Parameter until: when another may take it, should this one never come back.
    func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool
    /// Sessions by what is known of them, the newest first.
    func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session]
    /// - Returns: whether there was such a session.
    @discardableResult
    func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool
    /// - Returns: the sessions that it deleted.
    @discardableResult
    func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession]
    /// Deletes what a notice names and remembers the notice, both or neither; does nothing for one that it remembers.
    /// - Parameter ending: remembered with it, where cookies hold the sessions.
    func signOut(
        _ notice: SignOutNotice, remembering ending: SessionEnding?
    ) async throws(StoreFailure) -> SignOutNotice.Outcome
    /// Keeps the key of a session that no store holds (its cookie does) among those that are over, until `expiresAt`.
    func revoke(_ key: SessionKey, until expiresAt: UnixTime) async throws(StoreFailure)
    /// Keeps which sessions that no store holds are over: all of these marks whose beginning was told before. Of two endings with
    /// the same marks the later moments count.
    func remember(_ ending: SessionEnding) async throws(StoreFailure)
    /// The moment that counts as the beginning of a session that a cookie will hold: `createdAt`, or later than every ending that
    /// would mean it. Many sign-ins and endings fit into one second, and a clock may be set back.
    func beginning(of session: Session) async throws(StoreFailure) -> UnixTime
    /// Whether a session that a cookie holds was revoked, or is among those of an ending.
    func hasEnded(_ session: Session) async throws(StoreFailure) -> Bool
    /// Takes the refresh of a session that a cookie holds for one replica, if none has it at `now` for that version or a later one.
    /// - Parameter until: when another may take it, should this one never come back.
    func claimCookieRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool
    /// The sessions that any replica has replaced, deleted or revoked since `position`, and the endings that any has remembered, or
    /// the oldest of them; `nil` asks for the position alone.
    func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges
    /// Deletes at most `limit` sessions that have expired, or were last used before `idleBefore`.
    /// - Returns: how many it deleted.
    func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int
}

/// Which sessions are meant.
package enum SessionSelection: Sendable, Equatable {
    case all
    case user(issuer: String, subject: String)
    /// By subject, e-mail address or user name, whatever the issuer: how administrators name people.
    case named(String)
    /// By the beginning of the key, 8 bytes: `Session.handle`.
    case handle([UInt8])
    /// By the provider's own name for its session (`sid`).
    case providerSession(issuer: String, id: String)
}

/// What `SessionStore.changes` found.
package struct SessionChanges: Sendable, Equatable {
    package var keys: [SessionKey]
    /// Of which sessions that cookies hold some are over.
    package var endings: [SessionEnding.Marks]
    /// For the next call.
    package var position: Int64
    /// Whether `keys` holds all that has changed, or more has to be asked for, or some of it is not known any more.
    package var extent: Extent

    package enum Extent: Sendable {
        case all
        case more
        case gap
    }

    package init(keys: [SessionKey], endings: [SessionEnding.Marks] = [], position: Int64, extent: Extent = .all) {
        self.keys = keys
        self.endings = endings
        self.position = position
        self.extent = extent
    }
}

/// That a session was used.
package struct SessionUse: Sendable, Equatable {
    package var key: SessionKey
    package var moment: UnixTime

    package init(_ key: SessionKey, at moment: UnixTime) {
        self.key = key
        self.moment = moment
    }
}

/// A store that did not do what it was asked to: what needed it is refused for the moment, never allowed.
package struct StoreFailure: Error, Sendable {
    /// For the log: no user data.
    package let detail: String
    /// Whether the store itself answers, and only what it holds of one session cannot be read.
    package let isOfOneRecord: Bool
    /// Whether the store could not be reached, and so may be there a moment later.
    package let mayPass: Bool

    package init(detail: String, isOfOneRecord: Bool = false, mayPass: Bool = false) {
        self.detail = detail
        self.isOfOneRecord = isOfOneRecord
        self.mayPass = mayPass
    }
}
