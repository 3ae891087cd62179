import AuthService
package import JOSE
package import OpenIDProvider

/// Tries that replicas count together, in Postgres: a row each, which is swept when it is over.
package struct PostgresTryStore: TryStore {
    private let database: PostgresProviderDatabase

    package init(_ database: PostgresDatabase) { self.database = PostgresProviderDatabase(database) }

    static let tables = """
        CREATE TABLE bounded_tries (name BYTEA PRIMARY KEY, expires_at BIGINT NOT NULL, moment BIGINT NOT NULL);
        CREATE INDEX bounded_tries_expires_at ON bounded_tries (expires_at);
        """

    package func take(_ tries: [BoundedTry], now: UnixTime) async throws(ProviderStoreFailure) -> Int64? {
        let now = now.milliseconds
        return try await database.transaction { db in
            try Self.sweepSome(now, db)
            var moments: [Int64] = []
            var wait: Int64?
            let ordered = Self.ordered(tries)
            for one in ordered {
                let moment = try Self.locked(one, now, db)
                wait = one.secondsToWait(moment, now: now).map { max($0, wait ?? 0) } ?? wait
                moments.append(one.known(moment, now: now))
            }
            guard wait == nil else { return wait }
            for (one, moment) in zip(ordered, moments) { try Self.write(one.name, moment + one.interval, db) }
            return nil
        }
    }

    package func giveBack(
        _ tries: [BoundedTry], forgetting names: [SecretDigest], now: UnixTime
    ) async throws(ProviderStoreFailure) {
        let now = now.milliseconds
        try await database.transaction { db in
            for one in Self.ordered(tries) {
                try Self.write(one.name, one.known(try Self.locked(one, now, db), now: now) - one.interval, db)
            }
            for name in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
                try db.change("DELETE FROM bounded_tries WHERE name = $1", [.of(name.bytes)])
            }
        }
    }

    /// Rows are locked in one order, so that no two wait for each other.
    private static func ordered(_ tries: [BoundedTry]) -> [BoundedTry] {
        tries.sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
    }

    /// What the row says, which nobody else changes before the transaction ends; a new one where there is none.
    private static func locked(_ one: BoundedTry, _ now: Int64, _ db: PostgresSession) throws -> Int64 {
        let rows = try db.rows(
            """
            INSERT INTO bounded_tries (name, expires_at, moment) VALUES ($1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET moment = bounded_tries.moment RETURNING moment
            """, [.of(one.name.bytes), .of(seconds(now)), .of(now)])
        guard case .integer(let moment)? = rows.first?.only else { throw StoreFailure(detail: "Postgres: a try has no moment") }
        return moment
    }

    /// More than a try adds: strangers fill the table no faster than it empties.
    private static func sweepSome(_ now: Int64, _ db: PostgresSession) throws {
        try db.change(
            """
            DELETE FROM bounded_tries WHERE name IN
                (SELECT name FROM bounded_tries WHERE expires_at < $1 LIMIT 10 FOR UPDATE SKIP LOCKED)
            """, [.of(now / 1000)])
    }

    private static func write(_ name: SecretDigest, _ moment: Int64, _ db: PostgresSession) throws {
        try db.change(
            "UPDATE bounded_tries SET moment = $2, expires_at = $3 WHERE name = $1",
            [.of(name.bytes), .of(moment), .of(seconds(moment))])
    }

    private static func seconds(_ milliseconds: Int64) -> Int64 { milliseconds / 1000 + 1 }
}
