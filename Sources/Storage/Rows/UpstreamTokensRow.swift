import JOSE
import OpenIDProvider

/// What an upstream is asked again with as a row of `upstream_tokens`.
enum UpstreamTokensRow {
    static let columns = ["account", "sealed", "claimed_until", "expires_at", "version"]

    static func values(_ tokens: UpstreamTokens) -> [ColumnValue] {
        [
            .of(tokens.accountID), .of(tokens.sealed), .of(tokens.claimedUntil?.seconds), .of(tokens.expiresAt.seconds),
            .of(tokens.version),
        ]
    }

    static func read(_ row: some StoredRow) throws -> UpstreamTokens {
        UpstreamTokens(
            accountID: try row.text("account"), sealed: try row.text("sealed"),
            claimedUntil: try row.possibleMoment("claimed_until"), expiresAt: try row.moment("expires_at"),
            version: try row.integer("version"))
    }
}

/// A signing key as a row of `signing_keys`.
enum SigningKeyRow {
    static let columns = ["purpose", "algorithm", "material", "created_at"]

    static func values(_ key: StoredSigningKey) -> [ColumnValue] {
        [.of(key.purpose), .of(key.algorithm.rawValue), .of(key.material.bytes), .of(key.createdAt.seconds)]
    }

    /// Throws for an algorithm that this version does not know.
    static func readKnown(_ row: some StoredRow) throws -> StoredSigningKey {
        guard let key = try read(row) else { throw row.damaged("algorithm") }
        return key
    }

    /// `nil` for an algorithm that this version does not know: a newer one may share the database.
    static func read(_ row: some StoredRow) throws -> StoredSigningKey? {
        guard let algorithm = SignatureAlgorithm(rawValue: try row.text("algorithm")) else { return nil }
        return StoredSigningKey(
            purpose: try row.text("purpose"), algorithm: algorithm, material: Secret(try row.bytes("material")),
            createdAt: try row.moment("created_at"))
    }
}
