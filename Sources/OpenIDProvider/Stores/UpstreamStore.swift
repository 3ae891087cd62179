package import JOSE

/// Where the provider keeps what upstreams are asked again with: one row for every account, for all grants that came of it, since an
/// upstream's refresh token is often good once. Every operation either has happened when it returns, or throws.
///
/// Nothing is written for anybody who has not proved who they are.
package protocol UpstreamStore: Sendable {
    func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens?

    /// In place of what the account had before.
    func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure)

    /// Compare-and-swap: replaces the stored row if its version is `tokens.version - 1`.
    func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool

    func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure)

    /// Deletes at most `limit` rows whose `expiresAt` is not after `expiredAt`.
    /// - Returns: how many.
    func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int
}

/// What an upstream is asked again with about one account.
package struct UpstreamTokens: Sendable, Equatable {
    /// The account's id, which is `sessionID` of its grants; unique.
    package let accountID: String
    /// The user and what the connector keeps, encrypted; empty: the upstream has said that there is no such user any more.
    package var sealed: String
    /// Until then whoever has set it asks the upstream, and nobody else.
    package var claimedUntil: UnixTime?
    /// No grant of the account lives longer.
    package var expiresAt: UnixTime
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        accountID: String, sealed: String, claimedUntil: UnixTime? = nil, expiresAt: UnixTime, version: Int64 = 1
    ) {
        self.accountID = accountID
        self.sealed = sealed
        self.claimedUntil = claimedUntil
        self.expiresAt = expiresAt
        self.version = version
    }

    /// The next version, claimed until a moment or by nobody.
    func next(claimedUntil: UnixTime?) -> UpstreamTokens {
        var next = self
        next.claimedUntil = claimedUntil
        next.version = version.addingReportingOverflow(1).partialValue
        return next
    }
}
