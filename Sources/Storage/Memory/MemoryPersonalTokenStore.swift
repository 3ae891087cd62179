package import Accounts
package import AuthService
package import JOSE

/// Personal tokens in memory. Gone with the process.
package actor MemoryPersonalTokenStore: PersonalTokenStore {
    private var tokens: [SHA256Bytes: PersonalToken] = [:]

    package init() {}

    package func create(_ token: PersonalToken, limit: Int) async throws(StoreFailure) -> Bool {
        try RecordLimit.check(PersonalTokenRow.values(token))
        guard tokens[token.key] == nil else { throw StoreFailure(detail: "the token exists already") }
        let owner = PersonalTokenSelection.owner(issuer: token.identity.issuer, subject: token.identity.subject)
        guard tokens.values.count(where: owner.includes) < limit else { return false }
        tokens[token.key] = token
        return true
    }

    package func load(_ key: SHA256Bytes) async throws(StoreFailure) -> PersonalToken? { tokens[key] }

    package func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken] {
        let chosen = tokens.values.filter(selection.includes)
        return Array(chosen.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(limit))
    }

    package func touch(_ key: SHA256Bytes, usedAt: UnixTime) async throws(StoreFailure) {
        guard let token = tokens[key], token.lastUsedAt.map({ $0 < usedAt }) ?? true else { return }
        tokens[key]?.lastUsedAt = usedAt
    }

    package func renew(_ identity: Identity) async throws(StoreFailure) {
        try RecordLimit.check([.of(JSONValue.object(identity.claims).jsonText)])
        let owner = PersonalTokenSelection.owner(issuer: identity.issuer, subject: identity.subject)
        for (key, token) in tokens where owner.includes(token) { tokens[key]?.identity = identity }
    }

    package func delete(_ key: SHA256Bytes) async throws(StoreFailure) -> Bool { tokens.removeValue(forKey: key) != nil }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        let expired = tokens.values.filter { $0.expiresAt <= expiredAt }.prefix(limit)
        for token in expired { tokens[token.key] = nil }
        return expired.count
    }
}
