import AuthService
import OpenIDProvider

/// The tables, as numbered steps: a step that has shipped never changes. A step only adds (tables, columns that are NULL or have a
/// default, indices), so that the version before works on beside the new one until the last replica of it is gone; what is not used
/// any more goes a version later.
enum PostgresMigrations {
    private static let steps: [(name: String, sql: String)] = [
        (
            "all that there was at first",
            [
                "CREATE TABLE probes (id INTEGER PRIMARY KEY, asked_at TIMESTAMPTZ NOT NULL DEFAULT now());",
                PostgresSessionStore.tables, PostgresSessionStore.endingTables, PostgresPersonalTokenStore.tables,
                PostgresProviderStore.tables, PostgresProviderStore.ssoTables, PostgresTransientStore.tables,
                PostgresUpstreamStore.tables, PostgresUserStore.tables, PostgresSigningKeyStore.tables,
                PostgresSecondFactorStore.tables, PostgresDocumentStore<StoredClient>.tables,
            ].joined(separator: "\n")
        ),
        (
            "tries at passwords, sealed tokens of sessions",
            PostgresTryStore.tables + "\nALTER TABLE sessions ADD COLUMN sealed BYTEA;"
        ),
        ("connectors", PostgresDocumentStore<StoredConnector>.tables),
    ]

    /// How many this program knows.
    static var count: Int { steps.count }

    /// Brings the schema up to date in one transaction. Of replicas that start at once the first does it, and the others wait.
    static func run(_ connection: PostgresConnection, schema: String, _ deadline: Deadline) throws {
        let session = PostgresSession(connection: connection, deadline: deadline)
        let encoding = try session.rows("SELECT current_setting('server_encoding')").first?.only
        guard encoding == .text("UTF8") else {
            throw StoreFailure(detail: "Postgres: the database is not encoded in UTF8; make another with ENCODING 'UTF8'")
        }
        try session.transaction { session in
            try session.change("SET LOCAL statement_timeout = '60s'")
            try session.change("SELECT pg_advisory_xact_lock(hashtextextended('gatehouse ' || $1, 0))", [.text(schema)])
            try prepare(schema, session)
            let done = try session.rows("SELECT coalesce(max(number), 0) FROM migrations").first?.only.count ?? 0
            guard done <= steps.count + 1 else {
                throw StoreFailure(
                    detail: "Postgres: the tables are \(done - steps.count) versions ahead of this program; start a newer one")
            }
            for (number, step) in steps.enumerated().dropFirst(done) {
                try connection.script(step.sql, deadline)
                try session.change(
                    "INSERT INTO migrations (number, name) VALUES ($1, $2)", [.integer(Int64(number + 1)), .text(step.name)])
            }
        }
    }

    private static func prepare(_ schema: String, _ session: PostgresSession) throws {
        // Whoever may not make schemas may still use one that was made for them.
        let isThere = try session.rows("SELECT EXISTS (SELECT 1 FROM pg_namespace WHERE nspname = $1)", [.text(schema)])
        if isThere.first?.only.isTrue != true { try session.change("CREATE SCHEMA \"\(schema)\"") }
        try session.change(
            """
            CREATE TABLE IF NOT EXISTS migrations (
                number BIGINT PRIMARY KEY, name TEXT NOT NULL, done_at TIMESTAMPTZ NOT NULL DEFAULT now())
            """)
    }
}
