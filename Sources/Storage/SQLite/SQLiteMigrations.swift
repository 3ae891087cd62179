import GRDB
import OpenIDProvider

/// The tables, as numbered steps: a step that has shipped never changes.
enum SQLiteMigrations {
    static var all: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sessions") { db in try db.execute(sql: sessions) }
        migrator.registerMigration("2 signing keys") { db in try db.execute(sql: signingKeys) }
        migrator.registerMigration("3 provider grants") { db in try db.execute(sql: SQLiteProviderStore.tables) }
        migrator.registerMigration("sessions: refresh, device and changes") { db in try db.execute(sql: sessionChanges) }
        migrator.registerMigration("notices of sign-out") { db in try db.execute(sql: signOut) }
        migrator.registerMigration("personal tokens") { db in try db.execute(sql: SQLitePersonalTokenStore.tables) }
        migrator.registerMigration("sessions: how people signed in") { db in try db.execute(sql: sessionAuthentication) }
        migrator.registerMigration("sessions: granted scopes") { db in try db.execute(sql: sessionScopes) }
        migrator.registerMigration("devices, pushed requests and names taken") { db in
            try db.execute(sql: SQLiteTransientStore.tables)
        }
        migrator.registerMigration("provider: sessions, consents and notices of sign-out") { db in
            try db.execute(sql: SQLiteProviderStore.ssoTables)
        }
        migrator.registerMigration("sessions in cookies: those that are over, and refreshes") { db in
            try db.execute(sql: SQLiteSessionStore.endingTables)
        }
        migrator.registerMigration("what upstreams are asked again with") { db in
            try db.execute(sql: SQLiteUpstreamStore.tables)
        }
        migrator.registerMigration("provider: users and invitations") { db in
            try db.execute(sql: SQLiteUserStore.tables)
            try db.execute(sql: "CREATE INDEX grants_subject ON grants (subject)")
        }
        migrator.registerMigration("provider: single claims of grants") { db in
            try db.execute(sql: "ALTER TABLE grants ADD COLUMN claims TEXT")
        }
        migrator.registerMigration("provider: second factors") { db in try db.execute(sql: SQLiteSecondFactorStore.tables) }
        migrator.registerMigration("provider: clients") { db in
            try db.execute(sql: SQLiteDocumentStore<StoredClient>.tables)
        }
        migrator.registerMigration("sessions: sealed tokens") { db in
            try db.execute(sql: "ALTER TABLE sessions ADD COLUMN sealed BLOB")
        }
        migrator.registerMigration("whether a copy into this file was finished") { db in
            try db.execute(sql: SQLiteRecordStore.tables)
        }
        migrator.registerMigration("provider: connectors") { db in
            try db.execute(sql: SQLiteDocumentStore<StoredConnector>.tables)
        }
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

    private static let sessionChanges = """
        ALTER TABLE sessions ADD COLUMN access_token TEXT;
        ALTER TABLE sessions ADD COLUMN refresh_due_at INTEGER;
        ALTER TABLE sessions ADD COLUMN refresh_claimed_until INTEGER;
        ALTER TABLE sessions ADD COLUMN refresh_failing_since INTEGER;
        ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
        ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
        CREATE INDEX sessions_subject ON sessions (subject, issuer);
        CREATE INDEX sessions_provider_session ON sessions (provider_session) WHERE provider_session IS NOT NULL;
        CREATE TABLE session_changes (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            key BLOB NOT NULL,
            noted_at INTEGER NOT NULL DEFAULT (unixepoch())
        );
        CREATE TABLE revoked_sessions (
            key BLOB PRIMARY KEY NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX revoked_sessions_expires_at ON revoked_sessions (expires_at);
        """

    private static let signOut = """
        CREATE TABLE sign_out_notices (
            digest BLOB PRIMARY KEY NOT NULL,
            remember_until INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sign_out_notices_remember_until ON sign_out_notices (remember_until);
        """

    private static let sessionAuthentication = """
        ALTER TABLE sessions ADD COLUMN authenticated_at INTEGER;
        ALTER TABLE sessions ADD COLUMN acr TEXT;
        ALTER TABLE sessions ADD COLUMN amr TEXT;
        """

    private static let sessionScopes = "ALTER TABLE sessions ADD COLUMN granted_scopes TEXT;"

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
