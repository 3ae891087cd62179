import JOSE
import OpenIDConnect
import OpenIDProvider

/// A session at the provider as a row of `sso_sessions`; there is a row of `sso_accounts` for each of its accounts, too.
enum SSOSessionRow {
    static let columns = ["key", "version", "accounts", "is_remembered", "created_at", "last_used_at", "expires_at"]
    static let accountColumns = ["id", "session", "subject"]

    static func values(_ session: SSOSession) -> [ColumnValue] {
        [
            .of(session.key.bytes), .of(session.version), .of(text(session.accounts)), .boolean(session.isRemembered),
            .of(session.createdAt.seconds), .of(session.lastUsedAt.seconds), .of(session.expiresAt.seconds),
        ]
    }

    static func read(_ row: some StoredRow) throws -> SSOSession {
        guard let values = (try? JSONReader.read(row.text("accounts").utf8))?.array else {
            throw ProviderStoreFailure(detail: "a session's row is damaged")
        }
        let accounts = values.compactMap { SSOAccount(json: $0) }
        guard accounts.count == values.count else { throw ProviderStoreFailure(detail: "a session's row is damaged") }
        return SSOSession(
            key: SecretDigest(bytes: try row.bytes("key")), accounts: accounts, isRemembered: try row.flag("is_remembered"),
            createdAt: try row.moment("created_at"), lastUsedAt: try row.moment("last_used_at"),
            expiresAt: try row.moment("expires_at"), version: try row.integer("version"))
    }

    static func text(_ accounts: [SSOAccount]) -> String { JSONValue.array(accounts.map(\.json)).jsonText }
}

/// What somebody has allowed a client as a row of `consents`.
enum ConsentRow {
    static let columns = ["subject", "client", "scope", "given_at"]

    static func values(_ consent: ConsentRecord) -> [ColumnValue] {
        [.of(consent.subject), .of(consent.clientID), .of(consent.scope.text), .of(consent.givenAt.seconds)]
    }

    static func read(_ row: some StoredRow) throws -> ConsentRecord {
        guard let scope = Scope(parsing: try row.text("scope")) else {
            throw ProviderStoreFailure(detail: "a consent's row is damaged")
        }
        return ConsentRecord(
            subject: try row.text("subject"), clientID: try row.text("client"), scope: scope,
            givenAt: try row.moment("given_at"))
    }
}

/// Whom to tell of a sign-out as a row of `logout_notices`.
enum LogoutNoticeRow {
    static let columns = ["id", "client", "session", "subject", "created_at", "attempts", "next_attempt_at"]

    static func values(_ notice: LogoutNotice) -> [ColumnValue] {
        [
            .of(notice.id), .of(notice.clientID), .of(notice.sessionID), .of(notice.subject), .of(notice.createdAt.seconds),
            .of(Int64(notice.attempts)), .of(notice.nextAttemptAt.seconds),
        ]
    }

    static func read(_ row: some StoredRow) throws -> LogoutNotice {
        LogoutNotice(
            id: try row.text("id"), clientID: try row.text("client"), sessionID: try row.text("session"),
            subject: try row.text("subject"), createdAt: try row.moment("created_at"),
            attempts: Int(clamping: try row.integer("attempts")), nextAttemptAt: try row.moment("next_attempt_at"))
    }
}
