import FoundationEssentials
import GRDB
import JOSE
import OpenIDProvider

/// A session at the provider as a row of `sso_sessions`, with a row of `sso_accounts` for each of its accounts.
enum SSOSessionRow {
    static func insert(_ session: SSOSession, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO sso_sessions VALUES (?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                Data(session.key.bytes), session.version, text(session.accounts), session.isRemembered,
                session.createdAt.seconds, session.lastUsedAt.seconds, session.expiresAt.seconds,
            ])
        for account in session.accounts {
            try db.execute(
                sql: "INSERT INTO sso_accounts VALUES (?, ?, ?)",
                arguments: [account.id, Data(session.key.bytes), account.subject])
        }
    }

    /// - Returns: whether the stored row was the version before. The accounts stay the same people.
    static func replace(_ session: SSOSession, _ db: Database) throws -> Bool {
        let (expected, overflow) = session.version.subtractingReportingOverflow(1)
        guard !overflow else { return false }
        try db.execute(
            sql: "UPDATE sso_sessions SET version = ?, accounts = ?, last_used_at = ? WHERE key = ? AND version = ?",
            arguments: [
                session.version, text(session.accounts), session.lastUsedAt.seconds, Data(session.key.bytes), expected,
            ])
        return db.changesCount == 1
    }

    static func session(ofAccount id: String, _ db: Database) throws -> SSOSession? {
        try Row.fetchOne(
            db, sql: "SELECT s.* FROM sso_sessions s JOIN sso_accounts a ON a.session = s.key WHERE a.id = ?", arguments: [id]
        ).map(read)
    }

    /// Takes an account out of its session, and ends the session that has no other.
    static func remove(account id: String, _ db: Database) throws {
        guard let session = try session(ofAccount: id, db) else { return }
        let others = session.accounts.filter { $0.id != id }
        try db.execute(sql: "DELETE FROM sso_accounts WHERE id = ?", arguments: [id])
        let key = Data(session.key.bytes)
        if others.isEmpty {
            try db.execute(sql: "DELETE FROM sso_sessions WHERE key = ?", arguments: [key])
        } else {
            try db.execute(
                sql: "UPDATE sso_sessions SET accounts = ?, version = version + 1 WHERE key = ?", arguments: [text(others), key])
        }
    }

    static func read(_ row: Row) throws -> SSOSession {
        let text: String = row["accounts"]
        let key: Data = row["key"]
        guard let values = (try? JSONReader.read(text.utf8))?.array else {
            throw ProviderStoreFailure(detail: "a session's row is damaged")
        }
        let accounts = values.compactMap { SSOAccount(json: $0) }
        guard accounts.count == values.count else { throw ProviderStoreFailure(detail: "a session's row is damaged") }
        func moment(_ column: String) -> UnixTime { UnixTime(seconds: row[column]) }
        return SSOSession(
            key: SecretDigest(bytes: [UInt8](key)), accounts: accounts, isRemembered: row["is_remembered"],
            createdAt: moment("created_at"), lastUsedAt: moment("last_used_at"), expiresAt: moment("expires_at"),
            version: row["version"])
    }

    private static func text(_ accounts: [SSOAccount]) -> String { JSONValue.array(accounts.map(\.json)).jsonText }
}
