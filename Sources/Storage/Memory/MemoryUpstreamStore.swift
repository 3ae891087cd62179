package import JOSE
package import OpenIDProvider

/// What upstreams are asked again with, in memory. Gone with the process.
package actor MemoryUpstreamStore: UpstreamStore {
    private var rows: [String: UpstreamTokens] = [:]

    package init() {}

    package func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens? { rows[accountID] }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) {
        try RecordLimit.checkProvider(UpstreamTokensRow.values(tokens))
        rows[tokens.accountID] = tokens
    }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(UpstreamTokensRow.values(tokens))
        guard let stored = rows[tokens.accountID], stored.version == tokens.version &- 1 else { return false }
        rows[tokens.accountID] = tokens
        return true
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        for id in accountIDs { rows[id] = nil }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        let old = rows.values.filter { $0.expiresAt <= expiredAt }.prefix(limit)
        for row in old { rows[row.accountID] = nil }
        return old.count
    }
}
