import Accounts
import AuthService
import FoundationEssentials
import GRDB
import JOSE

/// A session as a row of `sessions`.
enum SessionRow {
    private static let columns = [
        "key", "version", "scope", "provider", "provider_session", "issuer", "subject", "claims", "auth_time", "created_at",
        "last_used_at", "expires_at", "id_token", "refresh_token", "access_token", "refresh_due_at", "refresh_claimed_until",
        "refresh_failing_since", "user_agent", "address", "authenticated_at", "acr", "amr", "granted_scopes",
    ]

    private static func values(_ session: Session) -> [(any DatabaseValueConvertible)?] {
        [
            Data(session.key.digest), session.version, session.scope, session.providerID, session.providerSessionID,
            session.identity.issuer, session.identity.subject, JSONValue.object(session.identity.claims).jsonText,
            session.authTime.seconds, session.createdAt.seconds, session.lastUsedAt.seconds, session.expiresAt.seconds,
            session.idToken?.text, session.refreshToken?.text, session.accessToken?.text, session.refresh.dueAt?.seconds,
            session.refresh.claimedUntil?.seconds, session.refresh.failingSince?.seconds, session.device.userAgent,
            session.device.address, session.authentication.time?.seconds, session.authentication.acr,
            JSONValue.strings(session.authentication.amr).jsonText, JSONValue.strings(session.grantedScopes).jsonText,
        ]
    }

    static func insert(_ session: Session, _ db: Database) throws {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try db.execute(
            sql: "INSERT INTO sessions (\(columns.joined(separator: ", "))) VALUES (\(marks))",
            arguments: StatementArguments(values(session)))
    }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ session: Session, _ db: Database) throws -> Bool {
        let (expected, overflow) = session.version.subtractingReportingOverflow(1)
        guard !overflow else { return false }
        let pairs = zip(columns, values(session)).filter { $0.0 != "last_used_at" }
        let assignments = pairs.map { "\($0.0) = ?" }.joined(separator: ", ")
        try db.execute(
            sql: "UPDATE sessions SET \(assignments) WHERE key = ? AND version = ?",
            arguments: StatementArguments(pairs.map(\.1) + [Data(session.key.digest), expected]))
        return db.changesCount == 1
    }

    static func read(_ row: Row) throws -> Session {
        let claimsText: String = row["claims"]
        guard let claims = try? JSONReader.read(claimsText.utf8).object else {
            throw StoreFailure(detail: "a session's claims are damaged", isOfOneRecord: true)
        }
        func moment(_ column: String) -> UnixTime { UnixTime(seconds: row[column]) }
        func possibleMoment(_ column: String) -> UnixTime? { (row[column] as Int64?).map { UnixTime(seconds: $0) } }
        func secret(_ column: String) -> Secret? { (row[column] as String?).map { Secret(utf8: $0) } }
        func texts(_ column: String) -> [String] {
            (row[column] as String?).flatMap { try? JSONReader.read($0.utf8).stringList } ?? []
        }
        return Session(
            key: SessionKey(digest: [UInt8](row["key"] as Data)), version: row["version"],
            identity: Identity(issuer: row["issuer"], subject: row["subject"], claims: claims), scope: row["scope"],
            providerID: row["provider"], providerSessionID: row["provider_session"], authTime: moment("auth_time"),
            authentication: SessionAuthentication(
                time: possibleMoment("authenticated_at"), acr: row["acr"],
                amr: texts("amr")),
            createdAt: moment("created_at"), lastUsedAt: moment("last_used_at"), expiresAt: moment("expires_at"),
            idToken: secret("id_token"), refreshToken: secret("refresh_token"), accessToken: secret("access_token"),
            grantedScopes: texts("granted_scopes"),
            refresh: RefreshState(
                dueAt: possibleMoment("refresh_due_at"), claimedUntil: possibleMoment("refresh_claimed_until"),
                failingSince: possibleMoment("refresh_failing_since")),
            device: SessionDevice(userAgent: row["user_agent"], address: row["address"]))
    }
}
