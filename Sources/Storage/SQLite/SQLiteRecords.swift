import FoundationEssentials
import AuthService
import GRDB
import JOSE
import OpenIDConnect
import OpenIDProvider

/// How the records of several columns are written.
extension SessionRow {
    static func insert(_ session: Session, _ db: Database) throws { try db.insert(into: "sessions", columns, values(session)) }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ session: Session, _ db: Database) throws -> Bool {
        let kept = zip(columns, values(session)).filter { $0.0 != "last_used_at" }
        return try db.update(
            "sessions", kept.map(\.0), kept.map(\.1), whereFirstIs: .of(session.key.digest), versionBefore: session.version)
    }
}

extension GrantRow {
    static func insert(_ grant: GrantRecord, _ db: Database) throws { try db.insert(into: "grants", columns, values(grant)) }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ grant: GrantRecord, _ db: Database) throws -> Bool {
        try db.update("grants", columns, values(grant), whereFirstIs: .of(grant.id), versionBefore: grant.version)
    }
}

extension SSOSessionRow {
    static func insert(_ session: SSOSession, _ db: Database) throws {
        try db.insert(into: "sso_sessions", columns, values(session))
        for account in session.accounts {
            try db.insert(
                into: "sso_accounts", accountColumns, [.of(account.id), .of(session.key.bytes), .of(account.subject)])
        }
    }

    /// - Returns: whether the stored row was the version before. The accounts stay the same people.
    static func replace(_ session: SSOSession, _ db: Database) throws -> Bool {
        let (expected, overflow) = session.version.subtractingReportingOverflow(1)
        guard !overflow else { return false }
        try RecordLimit.check(values(session))
        return try db.change(
            "UPDATE sso_sessions SET version = ?, accounts = ?, last_used_at = ? WHERE key = ? AND version = ?",
            [
                session.version, text(session.accounts), session.lastUsedAt.seconds, Data(session.key.bytes), expected,
            ]) == 1
    }

    static func session(ofAccount id: String, _ db: Database) throws -> SSOSession? {
        try Row.fetchOne(
            db, sql: "SELECT s.* FROM sso_sessions s JOIN sso_accounts a ON a.session = s.key WHERE a.id = ?", arguments: [id]
        ).map { try read($0) }
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
}

extension UserRow {
    /// - Returns: whether id and e-mail address were free.
    static func insert(_ user: StoredUser, _ db: Database) throws -> Bool {
        try db.insert("INSERT OR IGNORE", into: "users", columns, values(user)) == 1
    }

    static func replace(_ user: StoredUser, _ db: Database) throws -> UserReplacement {
        let (expected, overflow) = user.version.subtractingReportingOverflow(1)
        guard !overflow, let stored = try self.user(id: user.id, db), stored.version == expected else { return .outdated }
        let emailKey = StoredUser.loginKey(user.email)
        let isTaken = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE email_key = ? AND id <> ?)", arguments: [emailKey, user.id])
        guard isTaken == false else { return .taken }
        let isReplaced = try db.update(
            "users", columns, values(user), whereFirstIs: .of(user.id), versionBefore: user.version)
        return isReplaced ? .replaced : .outdated
    }

    static func user(id: String, _ db: Database) throws -> StoredUser? {
        try db.row(from: "users", columns, where: "id = ?", [id]).map { try read($0) }
    }
}

extension DeviceRow {
    /// - Returns: whether the user code was free.
    static func insert(_ device: DeviceRecord, _ db: Database) throws -> Bool {
        try db.insert("INSERT OR IGNORE", into: "devices", columns, values(device)) == 1
    }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ device: DeviceRecord, _ db: Database) throws -> Bool {
        try db.update("devices", columns, values(device), whereFirstIs: .of(device.key.bytes), versionBefore: device.version)
    }
}
