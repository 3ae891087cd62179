import JOSE
import OpenIDConnect
import OpenIDProvider

/// A grant as a row of `grants`.
enum GrantRow {
    static let columns = [
        "id", "version", "session", "client", "subject", "connector", "user_id", "user_claims", "auth_time", "scope",
        "created_at", "expires_at", "refresh_handle", "refresh_key", "refresh_generation", "refresh_rotated_at", "amr", "acr",
        "claims",
    ]

    static func values(_ grant: GrantRecord) -> [ColumnValue] {
        [
            .of(grant.id), .of(grant.version), .of(grant.sessionID), .of(grant.clientID), .of(grant.subject),
            .of(grant.connectorID), .of(grant.user.id), .of(JSONValue.object(grant.user.claims).jsonText),
            .of(grant.authTime.seconds), .of(grant.scope.text), .of(grant.createdAt.seconds), .of(grant.expiresAt.seconds),
            .of(grant.refresh?.handle.bytes), .of(grant.refresh?.key), .of(grant.refresh?.generation),
            .of(grant.refresh?.rotatedAt.seconds), .of(grant.authentication.amr.joined(separator: " ")),
            .of(grant.authentication.acr), .of(text(of: grant.claims)),
        ]
    }

    static func read(_ row: some StoredRow) throws -> GrantRecord {
        guard let claims = try? JSONReader.read(row.text("user_claims").utf8).object,
            let scope = Scope(parsing: try row.text("scope"))
        else { throw ProviderStoreFailure(detail: "a grant's row is damaged") }
        return GrantRecord(
            id: try row.text("id"), sessionID: try row.text("session"), clientID: try row.text("client"),
            subject: try row.text("subject"), connectorID: try row.text("connector"),
            user: ConnectorUser(id: try row.text("user_id"), claims: claims), authTime: try row.moment("auth_time"),
            authentication: try authentication(row), scope: scope, claims: try claimsAskedFor(row),
            createdAt: try row.moment("created_at"), expiresAt: try row.moment("expires_at"), refresh: try refresh(row),
            version: try row.integer("version"))
    }

    /// Rows from before sessions at the provider have none: those people had signed in with their passwords.
    private static func authentication(_ row: some StoredRow) throws -> Authentication {
        guard let amr = try row.possibleText("amr"), let acr = try row.possibleText("acr") else { return .password }
        return Authentication(amr: amr.split(separator: " ").map(String.init), acr: acr)
    }

    /// Those of userinfo and those of the ID token, with a bar between.
    private static func text(of claims: SingleClaims) -> String? {
        claims.isEmpty ? nil : [claims.userinfo, claims.idToken].map { $0.joined(separator: " ") }.joined(separator: "|")
    }

    private static func claimsAskedFor(_ row: some StoredRow) throws -> SingleClaims {
        guard let text = try row.possibleText("claims") else { return SingleClaims() }
        let lists = text.split(separator: "|", omittingEmptySubsequences: false).map { $0.split(separator: " ").map(String.init) }
        return SingleClaims(userinfo: lists.first ?? [], idToken: lists.count > 1 ? lists[1] : [])
    }

    private static func refresh(_ row: some StoredRow) throws -> RefreshFamily? {
        guard let handle = try row.possibleBytes("refresh_handle"), let key = try row.possibleBytes("refresh_key"),
            let generation = try row.possibleInteger("refresh_generation"),
            let rotatedAt = try row.possibleMoment("refresh_rotated_at")
        else { return nil }
        return RefreshFamily(handle: SecretDigest(bytes: handle), key: key, generation: generation, rotatedAt: rotatedAt)
    }
}

/// An authorization code as a row of `authorization_codes`.
enum AuthorizationCodeRow {
    static let columns = ["key", "grant_id", "client", "redirect_uri", "nonce", "code_challenge", "expires_at", "is_used"]

    static func values(_ code: AuthorizationCodeRecord) -> [ColumnValue] {
        [
            .of(code.key.bytes), .of(code.grantID), .of(code.clientID), .of(code.redirectURI), .of(code.nonce),
            .of(code.codeChallenge), .of(code.expiresAt.seconds), .boolean(code.isUsed),
        ]
    }

    static func read(_ row: some StoredRow) throws -> AuthorizationCodeRecord {
        AuthorizationCodeRecord(
            key: SecretDigest(bytes: try row.bytes("key")), grantID: try row.text("grant_id"),
            clientID: try row.text("client"), redirectURI: try row.text("redirect_uri"), nonce: try row.possibleText("nonce"),
            codeChallenge: try row.possibleText("code_challenge"), expiresAt: try row.moment("expires_at"),
            isUsed: try row.flag("is_used"))
    }
}
