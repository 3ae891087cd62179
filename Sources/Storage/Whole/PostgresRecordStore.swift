package import AuthService
import OpenIDProvider

/// All of a schema in Postgres.
package struct PostgresRecordStore: RecordStore {
    private let database: PostgresDatabase

    package init(_ database: PostgresDatabase) { self.database = database }

    package func state() async throws(StoreFailure) -> StorageState {
        let server = try await database.rows("SELECT current_setting('server_version') AS text").first.readOne {
            try $0.text("text")
        }
        return StorageState(
            engine: "PostgreSQL \(server ?? "")", version: try await version(), knownVersion: PostgresMigrations.count)
    }

    /// 0: there are no tables yet.
    private func version() async throws(StoreFailure) -> Int {
        let tables = try await database.rows("SELECT to_regclass('migrations') IS NOT NULL")
        guard tables.first?.only.isTrue == true else { return 0 }
        return try await database.rows("SELECT coalesce(max(number), 0) FROM migrations").first?.only.count ?? 0
    }

    package func counts() async throws(StoreFailure) -> [StoredKind: Int] {
        var counts: [StoredKind: Int] = [:]
        for kind in StoredKind.allCases {
            counts[kind] = try await database.rows("SELECT count(*) FROM \(kind.rawValue)").first?.only.count ?? 0
        }
        return counts
    }

    package func read(
        _ kind: StoredKind, _ body: (RecordPage) async throws(StoreFailure) -> Void
    ) async throws(StoreFailure) {
        var last: [ColumnValue]?
        repeat {
            let rows = try await database.rows(RowPage.sql(kind, after: last) { "$\($0)" }, last ?? [])
            guard let found = try? RowPage(rows, kind) else { throw StoreFailure(detail: "a row of \(kind.rawValue) has no key") }
            try await body(found.page)
            last = found.last
        } while last != nil
    }

    package func write(_ records: [StoredRecord], of kind: StoredKind) async throws(StoreFailure) {
        try await database.transaction { db in
            for record in records {
                let (columns, values) = Self.row(record, kind)
                try db.change(Self.insertion(kind, columns), values)
                guard case .providerSession(let session) = record else { continue }
                for account in session.accounts { try PostgresProviderStore.insert(account, of: session, db) }
            }
            if let place = DocumentPlace.of(kind) { try db.change("UPDATE \(place.revisionTable) SET revision = revision + 1") }
        }
    }

    /// Of the only row's id the type is smaller than our numbers'.
    private static func insertion(_ kind: StoredKind, _ columns: [String]) -> String {
        kind == .latestBeginning
            ? "INSERT INTO latest_beginning (id, moment) VALUES ($1::bigint::integer, $2)"
            : PostgresSQL.insert(into: kind.rawValue, columns)
    }

    /// What only Postgres keeps beside: by what people are found.
    private static func row(_ record: StoredRecord, _ kind: StoredKind) -> (columns: [String], values: [ColumnValue]) {
        switch record {
        case .session(let session): (PostgresSessionStore.writtenColumns, PostgresSessionStore.values(session))
        case .grant(let grant): (PostgresProviderStore.writtenColumns, PostgresProviderStore.values(grant))
        case .signingKey, .client, .connector, .user, .invitation, .secondFactor, .consent, .authorizationCode, .providerSession,
            .logoutNotice, .device, .pushedRequest, .upstreamTokens, .personalToken, .mark:
            (kind.columns, record.values)
        }
    }

    package func empty() async throws(StoreFailure) {
        try await database.transaction { db in
            for kind in StoredKind.allCases.reversed() { try db.change("DELETE FROM \(kind.rawValue)") }
        }
    }

    /// The mark is a row beside the one that `PostgresDatabase.check` writes.
    package func isHalfCopied() async throws(StoreFailure) -> Bool {
        try await database.rows("SELECT EXISTS (SELECT 1 FROM probes WHERE id = 2)").first?.only.isTrue ?? false
    }

    package func setHalfCopied(_ isHalfCopied: Bool) async throws(StoreFailure) {
        try await database.change(
            isHalfCopied ? "INSERT INTO probes (id) VALUES (2) ON CONFLICT DO NOTHING" : "DELETE FROM probes WHERE id = 2")
    }

    package func faults() async throws(StoreFailure) -> [String] {
        let accounts = try await database.rows(
            """
            SELECT (SELECT count(*) FROM sso_accounts)
                = (SELECT coalesce(sum(json_array_length(accounts::json)), 0) FROM sso_sessions)
            """)
        return accounts.first?.only.isTrue == true ? [] : [SSOSessionRow.accountsDiffer]
    }
}
