package import JOSE
package import OpenIDProvider

/// What the provider has given out, in memory: for tests, and for trying things out. Gone with the process.
package actor MemoryProviderStore: ProviderStore {
    private var codes: [SecretDigest: AuthorizationCodeRecord] = [:]
    var grants: [String: GrantRecord] = [:]
    private var grantIDs: [SecretDigest: String] = [:]
    var sessions: [SecretDigest: SSOSession] = [:]
    var consents: [ConsentKey: ConsentRecord] = [:]
    var notices: [String: LogoutNotice] = [:]

    package init() {}

    package func create(
        _ grant: GrantRecord, with code: AuthorizationCodeRecord
    ) async throws(ProviderStoreFailure) {
        for values in [GrantRow.values(grant), AuthorizationCodeRow.values(code)] { try RecordLimit.checkProvider(values) }
        guard grants[grant.id] == nil, codes[code.key] == nil else {
            throw ProviderStoreFailure(detail: "the grant or the code exists already")
        }
        keep(grant)
        codes[code.key] = code
    }

    package func create(_ grant: GrantRecord) async throws(ProviderStoreFailure) {
        try RecordLimit.checkProvider(GrantRow.values(grant))
        guard grants[grant.id] == nil else { throw ProviderStoreFailure(detail: "the grant exists already") }
        keep(grant)
    }

    package func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord? {
        codes[key]
    }

    package func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        guard let code = codes[key], !code.isUsed else { return false }
        codes[key]?.isUsed = true
        return true
    }

    package func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord? { grants[id] }

    package func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord? {
        grantIDs[refreshHandle].flatMap { grants[$0] }
    }

    package func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] {
        let chosen = grants.values.filter(selection.includes)
        return Array(chosen.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.prefix(max(0, limit)))
    }

    package func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool {
        try RecordLimit.checkProvider(GrantRow.values(grant))
        guard let stored = grants[grant.id], stored.version == grant.version - 1 else { return false }
        keep(grant)
        return true
    }

    package func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool { drop(id) }

    package func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int {
        grants.values.filter { $0.sessionID == sessionID }.map(\.id).count(where: drop)
    }

    package func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int {
        grants.values.filter { $0.subject == subject && $0.sessionID != kept }.map(\.id).count(where: drop)
    }

    package func sweep(
        codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        let oldCodes = codes.values.filter { $0.expiresAt <= codesExpiredAt }.prefix(limit)
        for code in oldCodes { codes[code.key] = nil }
        return oldCodes.count
            + grants.values.filter { $0.expiresAt <= grantsExpiredAt }.prefix(limit).map(\.id).count(where: drop)
    }

    private func keep(_ grant: GrantRecord) {
        grants[grant.id] = grant
        if let handle = grant.refresh?.handle { grantIDs[handle] = grant.id }
    }

    @discardableResult
    func drop(_ id: String) -> Bool {
        guard let grant = grants.removeValue(forKey: id) else { return false }
        if let handle = grant.refresh?.handle { grantIDs[handle] = nil }
        return true
    }
}
