import GRDB

/// The tables, as numbered steps: a step that has shipped never changes.
enum SQLiteMigrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sessions") { db in try db.execute(sql: sessions) }
        migrator.registerMigration("2 signing keys") { db in try db.execute(sql: signingKeys) }
        migrator.registerMigration("3 provider grants") { db in try db.execute(sql: SQLiteProviderStore.tables) }
        return migrator
    }

    private static let sessions = """
        CREATE TABLE sessions (
            key BLOB PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            scope TEXT NOT NULL,
            provider TEXT NOT NULL,
            provider_session TEXT,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            claims TEXT NOT NULL,
            auth_time INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            id_token TEXT,
            refresh_token TEXT
        ) WITHOUT ROWID;
        CREATE INDEX sessions_expires_at ON sessions (expires_at);
        CREATE INDEX sessions_last_used_at ON sessions (last_used_at);
        """

    private static let signingKeys = """
        CREATE TABLE signing_keys (
            id INTEGER PRIMARY KEY,
            purpose TEXT NOT NULL,
            algorithm TEXT NOT NULL,
            material BLOB NOT NULL,
            created_at INTEGER NOT NULL
        );
        """
}
