import FoundationEssentials
import GRDB
import JOSE
import OpenIDConnect
import OpenIDProvider

/// A grant as a row of `grants`.
enum GrantRow {
    private static let columns = [
        "id", "version", "session", "client", "subject", "connector", "user_id", "user_claims", "auth_time", "scope",
        "created_at", "expires_at", "refresh_handle", "refresh_key", "refresh_generation", "refresh_rotated_at", "amr", "acr",
    ]

    private static func values(_ grant: GrantRecord) -> [(any DatabaseValueConvertible)?] {
        [
            grant.id, grant.version, grant.sessionID, grant.clientID, grant.subject, grant.connectorID, grant.user.id,
            JSONValue.object(grant.user.claims).jsonText, grant.authTime.seconds, grant.scope.text, grant.createdAt.seconds,
            grant.expiresAt.seconds, grant.refresh.map { Data($0.handle.bytes) }, grant.refresh.map { Data($0.key) },
            grant.refresh?.generation, grant.refresh?.rotatedAt.seconds,
            grant.authentication.amr.joined(separator: " "), grant.authentication.acr,
        ]
    }

    static func insert(_ grant: GrantRecord, _ db: Database) throws {
        let marks = columns.map { _ in "?" }.joined(separator: ", ")
        try db.execute(
            sql: "INSERT INTO grants (\(columns.joined(separator: ", "))) VALUES (\(marks))",
            arguments: StatementArguments(values(grant)))
    }

    /// - Returns: whether the stored row was the version before.
    static func replace(_ grant: GrantRecord, _ db: Database) throws -> Bool {
        let assignments = columns.map { "\($0) = ?" }.joined(separator: ", ")
        let (expected, overflow) = grant.version.subtractingReportingOverflow(1)
        guard !overflow else { return false }
        try db.execute(
            sql: "UPDATE grants SET \(assignments) WHERE id = ? AND version = ?",
            arguments: StatementArguments(values(grant) + [grant.id, expected]))
        return db.changesCount == 1
    }

    static func read(_ row: Row) throws -> GrantRecord {
        let claimsText: String = row["user_claims"]
        guard let claims = try? JSONReader.read(claimsText.utf8).object, let scope = Scope(parsing: row["scope"] as String) else {
            throw ProviderStoreFailure(detail: "a grant's row is damaged")
        }
        func moment(_ column: String) -> UnixTime { UnixTime(seconds: row[column]) }
        return GrantRecord(
            id: row["id"], sessionID: row["session"], clientID: row["client"], subject: row["subject"],
            connectorID: row["connector"], user: ConnectorUser(id: row["user_id"], claims: claims),
            authTime: moment("auth_time"), authentication: authentication(row), scope: scope, createdAt: moment("created_at"),
            expiresAt: moment("expires_at"),
            refresh: refresh(row), version: row["version"])
    }

    /// Rows from before sessions at the provider have none: those people had signed in with their passwords.
    private static func authentication(_ row: Row) -> Authentication {
        guard let amr: String = row["amr"], let acr: String = row["acr"] else { return .password }
        return Authentication(amr: amr.split(separator: " ").map(String.init), acr: acr)
    }

    private static func refresh(_ row: Row) -> RefreshFamily? {
        guard let handle: Data = row["refresh_handle"], let key: Data = row["refresh_key"],
            let generation: Int64 = row["refresh_generation"], let rotatedAt: Int64 = row["refresh_rotated_at"]
        else { return nil }
        return RefreshFamily(
            handle: SecretDigest(bytes: [UInt8](handle)), key: [UInt8](key), generation: generation,
            rotatedAt: UnixTime(seconds: rotatedAt))
    }
}
