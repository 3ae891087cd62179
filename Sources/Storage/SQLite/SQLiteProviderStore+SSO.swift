import FoundationEssentials
import GRDB
package import JOSE
import OpenIDConnect
package import OpenIDProvider

/// Sessions at the provider, consents and notices of sign-outs in SQLite.
extension SQLiteProviderStore: SSOStore {
    static let ssoTables = """
        CREATE TABLE sso_sessions (
            key BLOB PRIMARY KEY NOT NULL,
            version INTEGER NOT NULL,
            accounts TEXT NOT NULL,
            is_remembered INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sso_sessions_expires_at ON sso_sessions (expires_at);
        CREATE INDEX sso_sessions_last_used_at ON sso_sessions (last_used_at);
        CREATE TABLE sso_accounts (
            id TEXT PRIMARY KEY NOT NULL,
            session BLOB NOT NULL REFERENCES sso_sessions (key) ON DELETE CASCADE,
            subject TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sso_accounts_session ON sso_accounts (session);
        CREATE INDEX sso_accounts_subject ON sso_accounts (subject);
        CREATE TABLE consents (
            subject TEXT NOT NULL,
            client TEXT NOT NULL,
            scope TEXT NOT NULL,
            given_at INTEGER NOT NULL,
            PRIMARY KEY (subject, client)
        ) WITHOUT ROWID;
        CREATE TABLE logout_notices (
            id TEXT PRIMARY KEY NOT NULL,
            client TEXT NOT NULL,
            session TEXT NOT NULL,
            subject TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            next_attempt_at INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX logout_notices_next_attempt_at ON logout_notices (next_attempt_at);
        ALTER TABLE grants ADD COLUMN amr TEXT;
        ALTER TABLE grants ADD COLUMN acr TEXT;
        """

    package func session(_ key: SecretDigest) async throws(ProviderStoreFailure) -> SSOSession? {
        try await database.read { db in
            try db.row(from: "sso_sessions", SSOSessionRow.columns, where: "key = ?", [Data(key.bytes)]).map {
                try SSOSessionRow.read($0)
            }
        }
    }

    package func session(ofAccount id: String) async throws(ProviderStoreFailure) -> SSOSession? {
        try await database.read { db in try SSOSessionRow.session(ofAccount: id, db) }
    }

    package func sessions(ofUser user: String?, limit: Int) async throws(ProviderStoreFailure) -> [SSOSession] {
        try await database.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT * FROM sso_sessions WHERE :user IS NULL OR EXISTS (
                        SELECT 1 FROM json_each(accounts) WHERE :user IN (
                            value ->> '$.sub', value ->> '$.claims.email', value ->> '$.claims.preferred_username'))
                    ORDER BY last_used_at DESC LIMIT :limit
                    """, arguments: ["user": user, "limit": max(0, limit)]
            ).map { try SSOSessionRow.read($0) }
        }
    }

    package func begin(
        _ session: SSOSession, inPlaceOf old: SSOSession?
    ) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in
            if let old {
                guard
                    try db.change("DELETE FROM sso_sessions WHERE key = ? AND version = ?", [Data(old.key.bytes), old.version])
                        == 1
                else { return false }
            }
            try SSOSessionRow.insert(session, db)
            return true
        }
    }

    package func replace(_ session: SSOSession) async throws(ProviderStoreFailure) -> Bool {
        try await database.write { db in try SSOSessionRow.replace(session, db) }
    }

    package func end(_ ending: SSOEnding, keepingOffline: Bool) async throws(ProviderStoreFailure) {
        try await database.write { db in
            for id in ending.accountIDs {
                try SSOSessionRow.remove(account: id, db)
                let offline = keepingOffline ? " AND ' ' || scope || ' ' NOT LIKE '% offline_access %'" : ""
                try db.execute(sql: "DELETE FROM grants WHERE session = ?" + offline, arguments: [id])
            }
            for notice in ending.notices {
                try db.insert(into: "logout_notices", LogoutNoticeRow.columns, LogoutNoticeRow.values(notice))
            }
        }
    }

    package func accounts(ofSubject subject: String) async throws(ProviderStoreFailure) -> [String] {
        try await database.read { db in
            try String.fetchAll(db, sql: "SELECT id FROM sso_accounts WHERE subject = ?", arguments: [subject])
        }
    }

    package func sweepSessions(
        expiredAt: UnixTime, idleBefore: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> Int {
        try await database.write { db in
            try db.change(
                """
                DELETE FROM sso_sessions WHERE key IN
                (SELECT key FROM sso_sessions WHERE expires_at <= ? OR last_used_at <= ? LIMIT ?)
                """, [expiredAt.seconds, idleBefore.seconds, limit])
        }
    }
}

extension SQLiteProviderStore {
    package func consent(subject: String, client: String) async throws(ProviderStoreFailure) -> ConsentRecord? {
        try await database.read { db in
            try db.row(from: "consents", ConsentRow.columns, where: "subject = ? AND client = ?", [subject, client]).map {
                try ConsentRow.read($0)
            }
        }
    }

    package func consents(ofSubject subject: String) async throws(ProviderStoreFailure) -> [ConsentRecord] {
        try await database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM consents WHERE subject = ? ORDER BY client", arguments: [subject])
                .map { try ConsentRow.read($0) }
        }
    }

    package func remember(_ consent: ConsentRecord) async throws(ProviderStoreFailure) {
        _ = try await database.write { db in
            try db.insert("INSERT OR REPLACE", into: "consents", ConsentRow.columns, ConsentRow.values(consent))
        }
    }

    package func revokeConsent(subject: String, client: String) async throws(ProviderStoreFailure) {
        try await database.write { db in
            try db.execute(sql: "DELETE FROM consents WHERE subject = ? AND client = ?", arguments: [subject, client])
            try db.execute(sql: "DELETE FROM grants WHERE subject = ? AND client = ?", arguments: [subject, client])
        }
    }

    package func claimNotices(
        dueAt now: UnixTime, until: UnixTime, limit: Int
    ) async throws(ProviderStoreFailure) -> [LogoutNotice] {
        try await database.write { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT * FROM logout_notices WHERE next_attempt_at <= ? ORDER BY next_attempt_at LIMIT ?",
                arguments: [now.seconds, limit])
            for row in rows {
                try db.execute(
                    sql: "UPDATE logout_notices SET next_attempt_at = ? WHERE id = ?",
                    arguments: [until.seconds, row["id"] as String])
            }
            return try rows.map { row in
                var notice = try LogoutNoticeRow.read(row)
                notice.nextAttemptAt = until
                return notice
            }
        }
    }

    package func dropNotice(id: String) async throws(ProviderStoreFailure) {
        try await database.write { db in try db.execute(sql: "DELETE FROM logout_notices WHERE id = ?", arguments: [id]) }
    }

    package func postponeNotice(id: String, until next: UnixTime) async throws(ProviderStoreFailure) {
        try await database.write { db in
            try db.execute(
                sql: "UPDATE logout_notices SET attempts = attempts + 1, next_attempt_at = ? WHERE id = ?",
                arguments: [next.seconds, id])
        }
    }
}
