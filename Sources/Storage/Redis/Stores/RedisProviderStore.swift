import AuthService
package import JOSE
package import OpenIDProvider

/// Codes and grants of the provider in Redis.
package struct RedisProviderStore: ProviderStore {
    let database: RedisDatabase

    /// As many as there may ever be of one person or one session.
    static let many = 1_000_000

    package init(_ database: RedisDatabase) { self.database = database }

    package func create(_ grant: GrantRecord, with code: AuthorizationCodeRecord) async throws(ProviderStoreFailure) {
        try await create([GrantFields.record(grant), CodeFields.record(code)])
    }

    package func create(_ grant: GrantRecord) async throws(ProviderStoreFailure) {
        try await create([GrantFields.record(grant)])
    }

    private func create(_ records: [RedisRecord]) async throws(ProviderStoreFailure) {
        let creation = try await providing { () async throws(StoreFailure) in try await database.create(records) }
        guard creation == .created else { throw ProviderStoreFailure(detail: "the grant or the code exists already") }
    }

    package func authorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> AuthorizationCodeRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.code, key.recordID, CodeFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try CodeFields.read(stored, key) }
    }

    package func takeAuthorizationCode(_ key: SecretDigest) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            try await database.count(.takeCode, [.text(key.recordID)]) == 1
        }
    }

    package func grant(id: String) async throws(ProviderStoreFailure) -> GrantRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.grant, id, GrantFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try GrantFields.read(stored) }
    }

    package func grant(refreshHandle: SecretDigest) async throws(ProviderStoreFailure) -> GrantRecord? {
        try await grants(RecordChoice(set: GrantFields.handleSet(refreshHandle)), limit: 1).first
    }

    package func grants(_ selection: GrantSelection, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] {
        let sets = [selection.user.map { setName("n", $0) }, selection.client.map { setName("c", $0) }].compactMap { $0 }
        let choice = RecordChoice(set: sets.first ?? "all", also: sets.count == 2 ? sets[1] : "")
        return try await grants(choice, limit: max(0, limit))
    }

    private func grants(_ choice: RecordChoice, limit: Int) async throws(ProviderStoreFailure) -> [GrantRecord] {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(.grant, choice, limit: limit, GrantFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try GrantFields.read(stored) }
    }

    package func replace(_ grant: GrantRecord) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.replace(GrantFields.record(grant)) }
    }

    package func endGrant(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.drop(.grant, [id]) > 0 }
    }

    package func endGrants(sessionID: String) async throws(ProviderStoreFailure) -> Int {
        try await endGrants(RecordChoice(set: setName("s", sessionID)))
    }

    package func endGrants(subject: String, exceptSessionID kept: String?) async throws(ProviderStoreFailure) -> Int {
        try await endGrants(
            RecordChoice(set: setName("u", subject), sparing: kept.map { ("s", $0) } ?? ("", "")))
    }

    private func endGrants(_ choice: RecordChoice) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.dropChosen(.grant, choice, limit: Self.many, ["v"]).count
        }
    }

    package func sweep(
        codesExpiredAt: UnixTime, grantsExpiredAt: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.sweep(.code, expiredAt: codesExpiredAt.seconds, limit: limit)
                + database.sweep(.grant, expiredAt: grantsExpiredAt.seconds, limit: limit)
        }
    }
}

/// The provider has a failure of its own.
func providing<Value: Sendable>(
    _ body: () async throws(StoreFailure) -> Value
) async throws(ProviderStoreFailure) -> Value {
    do throws(StoreFailure) { return try await body() } catch { throw ProviderStoreFailure(detail: error.detail) }
}
