import AuthService
import JOSE
import OpenIDProvider

/// A second factor as a row of `second_factors`.
enum SecondFactorRow {
    static let columns = [
        "id", "connector", "user_id", "subject", "kind", "label", "sealed", "details", "credential_id", "counter", "created_at",
        "last_used_at", "version",
    ]

    static func values(_ factor: SecondFactor) -> [ColumnValue] {
        [
            .of(factor.id), .of(factor.account.connectorID), .of(factor.account.userID), .of(factor.account.subject),
            .of(factor.kind.rawValue), .of(factor.label), .of(factor.sealed), .of(JSONValue.object(factor.details).jsonText),
            .of(factor.credentialID), .of(factor.counter), .of(factor.createdAt.seconds), .of(factor.lastUsedAt?.seconds),
            .of(factor.version),
        ]
    }

    static func read(_ row: some StoredRow) throws -> SecondFactor {
        // A row of a kind that this version does not know must not let somebody in without it.
        guard let kind = SecondFactor.Kind(rawValue: try row.text("kind")),
            let details = (try? JSONReader.read(row.text("details").utf8))?.object
        else { throw StoreFailure(detail: "the row of a second factor is damaged or of a newer version") }
        return SecondFactor(
            id: try row.text("id"),
            account: SecondFactorAccount(connectorID: try row.text("connector"), userID: try row.text("user_id")), kind: kind,
            label: try row.text("label"), sealed: try row.text("sealed"), details: details,
            credentialID: try row.possibleBytes("credential_id"), counter: try row.integer("counter"),
            createdAt: try row.moment("created_at"), lastUsedAt: try row.possibleMoment("last_used_at"),
            version: try row.integer("version"))
    }
}
