package import JOSE
package import OpenIDConnect

/// Where the provider keeps who is signed in in which browser, what they allowed which client, and whom it still has to tell of a
/// sign-out. Every operation either has happened when it returns, or throws; there is no in-between.
///
/// Nothing is written for anybody who has not proved who they are.
package protocol SSOStore: Sendable {
    /// The session as it is, expired or not.
    func session(_ key: SecretDigest) async throws(ProviderStoreFailure) -> SSOSession?

    /// The session that holds the account with this id (`sid`).
    func session(ofAccount id: String) async throws(ProviderStoreFailure) -> SSOSession?

    /// Sessions as they are, those used last first.
    /// - Parameter user: only with an account of this subject, e-mail address or user name.
    func sessions(ofUser user: String?, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession]

    /// Writes a new session, and deletes the one that it continues, in one transaction.
    /// - Parameter old: as it was read; its key leads nowhere afterwards.
    /// - Returns: `false`, with nothing written, where `old` has changed or ended meanwhile.
    func begin(_ session: SSOSession, inPlaceOf old: SSOSession?) async throws(ProviderStoreFailure) -> Bool

    /// Compare-and-swap: replaces the stored session of `session.key` if its version is `session.version - 1`. An ended session
    /// stays ended.
    func replace(_ session: SSOSession) async throws(ProviderStoreFailure) -> Bool

    /// Signs accounts out and notes whom to tell, in one transaction: they leave their sessions (which end with the last one), and
    /// their grants end.
    /// - Parameter keepingOffline: whether grants with `offline_access` go on.
    func end(_ ending: SSOEnding, keepingOffline: Bool) async throws(ProviderStoreFailure)

    /// The accounts of one person in all browsers, by their ids.
    func accounts(ofSubject subject: String) async throws(ProviderStoreFailure) -> [String]

    /// Deletes at most `limit` sessions that have had their time: their absolute life, or `idleBefore` since they were last used.
    /// - Returns: how many.
    func sweepSessions(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int

    /// What a person has allowed a client, if anything.
    func consent(subject: String, client: String) async throws(ProviderStoreFailure) -> ConsentRecord?

    /// Everything that a person has allowed, by client.
    func consents(ofSubject subject: String) async throws(ProviderStoreFailure) -> [ConsentRecord]

    /// In place of what the same person has allowed the same client before.
    func remember(_ consent: ConsentRecord) async throws(ProviderStoreFailure)

    /// Forgets what a person has allowed a client and ends the client's grants of that person, in one transaction.
    func revokeConsent(subject: String, client: String) async throws(ProviderStoreFailure)

    /// Takes notices whose next attempt is due: until `until` no other caller gets the same.
    func claimNotices(dueAt now: UnixTime, until: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> [LogoutNotice]

    /// A notice has arrived, or is too old.
    func dropNotice(id: String) async throws(ProviderStoreFailure)

    /// A notice has not arrived: one attempt more has been made, the next is due at `next`.
    func postponeNotice(id: String, until next: UnixTime) async throws(ProviderStoreFailure)
}

/// Accounts that are signed out, with whom to tell.
package struct SSOEnding: Sendable, Equatable {
    package var accountIDs: [String]
    package var notices: [LogoutNotice]

    package init(accountIDs: [String], notices: [LogoutNotice]) {
        self.accountIDs = accountIDs
        self.notices = notices
    }
}

/// What one person has allowed one client.
package struct ConsentRecord: Sendable, Equatable {
    package let subject: String
    package let clientID: String
    package let scope: Scope
    package let givenAt: UnixTime

    package init(subject: String, clientID: String, scope: Scope, givenAt: UnixTime) {
        self.subject = subject
        self.clientID = clientID
        self.scope = scope
        self.givenAt = givenAt
    }
}

/// A sign-out that a client has to be told of (OpenID Connect Back-Channel Logout §2.5). Kept until it has arrived.
package struct LogoutNotice: Sendable, Equatable {
    package let id: String
    package let clientID: String
    /// The account's id, `sid`.
    package let sessionID: String
    package let subject: String
    package let createdAt: UnixTime
    /// How often it was sent already.
    package var attempts: Int
    package var nextAttemptAt: UnixTime

    package init(
        id: String, clientID: String, sessionID: String, subject: String, createdAt: UnixTime, attempts: Int = 0,
        nextAttemptAt: UnixTime
    ) {
        self.id = id
        self.clientID = clientID
        self.sessionID = sessionID
        self.subject = subject
        self.createdAt = createdAt
        self.attempts = attempts
        self.nextAttemptAt = nextAttemptAt
    }
}
