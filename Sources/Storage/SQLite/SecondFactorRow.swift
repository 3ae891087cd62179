import AuthService
import FoundationEssentials
import GRDB
import JOSE
import OpenIDProvider

/// A second factor as a row.
enum SecondFactorRow {
    static func insert(_ factor: SecondFactor, _ db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO second_factors (
                    id, connector, user_id, subject, kind, label, sealed, details, credential_id, counter, created_at,
                    last_used_at, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                factor.id, factor.account.connectorID, factor.account.userID, factor.account.subject, factor.kind.rawValue,
                factor.label, factor.sealed, JSONValue.object(factor.details).jsonText, factor.credentialID.map { Data($0) },
                factor.counter, factor.createdAt.seconds, factor.lastUsedAt?.seconds, factor.version,
            ])
    }

    static func read(_ row: Row) throws -> SecondFactor {
        let kind: String = row["kind"]
        let details: String = row["details"]
        // A row of a kind that this version does not know must not let somebody in without it.
        guard let kind = SecondFactor.Kind(rawValue: kind), let members = (try? JSONReader.read(details.utf8))?.object else {
            throw StoreFailure(detail: "the row of a second factor is damaged or of a newer version")
        }
        let credentialID: Data? = row["credential_id"]
        let lastUsedAt: Int64? = row["last_used_at"]
        return SecondFactor(
            id: row["id"], account: SecondFactorAccount(connectorID: row["connector"], userID: row["user_id"]), kind: kind,
            label: row["label"], sealed: row["sealed"], details: members, credentialID: credentialID.map { [UInt8]($0) },
            counter: row["counter"], createdAt: UnixTime(seconds: row["created_at"]),
            lastUsedAt: lastUsedAt.map { UnixTime(seconds: $0) }, version: row["version"])
    }
}
