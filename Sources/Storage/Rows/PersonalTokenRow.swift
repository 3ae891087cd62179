import Accounts
import AuthService
import JOSE

/// A personal token as a row of `personal_tokens`.
enum PersonalTokenRow {
    static let columns = [
        "key", "id", "name", "access", "issuer", "subject", "email", "username", "claims", "created_at", "expires_at",
        "last_used_at",
    ]

    static func values(_ token: PersonalToken) -> [ColumnValue] {
        [
            .of(token.key.bytes), .of(token.id), .of(token.name), .of(token.access.rawValue), .of(token.identity.issuer),
            .of(token.identity.subject), .of(token.identity.email), .of(token.identity.preferredUsername),
            .of(JSONValue.object(token.identity.claims).jsonText), .of(token.createdAt.seconds), .of(token.expiresAt.seconds),
            .of(token.lastUsedAt?.seconds),
        ]
    }

    static func read(_ row: some StoredRow) throws -> PersonalToken {
        guard let claims = try? JSONReader.read(row.text("claims").utf8).object,
            let access = PersonalToken.Access(rawValue: try row.text("access"))
        else { throw StoreFailure(detail: "a personal token's row is damaged", isOfOneRecord: true) }
        return PersonalToken(
            key: SHA256Bytes(try row.bytes("key")), id: try row.text("id"), name: try row.text("name"), access: access,
            identity: Identity(issuer: try row.text("issuer"), subject: try row.text("subject"), claims: claims),
            createdAt: try row.moment("created_at"), expiresAt: try row.moment("expires_at"),
            lastUsedAt: try row.possibleMoment("last_used_at"))
    }
}
