import AuthService
package import JOSE
package import OpenIDProvider

/// What upstreams are asked again with, in Redis.
package struct RedisUpstreamStore: UpstreamStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func upstreamTokens(accountID: String) async throws(ProviderStoreFailure) -> UpstreamTokens? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.upstream, accountID, Self.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try Self.read(stored) }
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> UpstreamTokens {
        try reading("an upstream's tokens") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return UpstreamTokens(
                accountID: stored.id, sealed: try body.text(), claimedUntil: try body.possibleMoment(),
                expiresAt: try body.moment(), version: try stored.number(1))
        }
    }

    static let all: [RedisArgument] = ["b", "v"]

    static func record(_ tokens: UpstreamTokens) -> RedisRecord {
        RedisRecord(
            .upstream, id: tokens.accountID, version: tokens.version, expiresAt: tokens.expiresAt, body: body(tokens))
    }

    static func body(_ tokens: UpstreamTokens) -> RecordWriter {
        var body = RecordWriter()
        body.write(tokens.sealed)
        body.writeIfAny(tokens.claimedUntil) { $0.write($1) }
        body.write(tokens.expiresAt)
        return body
    }

    package func keep(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) {
        try await providing { () async throws(StoreFailure) in try await database.put(Self.record(tokens)) }
    }

    package func replace(_ tokens: UpstreamTokens) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.replace(Self.record(tokens)) }
    }

    package func dropUpstreamTokens(accountIDs: [String]) async throws(ProviderStoreFailure) {
        guard !accountIDs.isEmpty else { return }
        try await providing { () async throws(StoreFailure) in _ = try await database.drop(.upstream, accountIDs) }
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.sweep(.upstream, expiredAt: expiredAt.seconds, limit: limit)
        }
    }
}
