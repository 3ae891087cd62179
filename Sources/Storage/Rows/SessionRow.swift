import Accounts
import AuthService
import JOSE

/// A session as a row of `sessions`.
enum SessionRow {
    static let columns = [
        "key", "version", "scope", "provider", "provider_session", "issuer", "subject", "claims", "auth_time", "created_at",
        "last_used_at", "expires_at", "id_token", "refresh_token", "access_token", "refresh_due_at", "refresh_claimed_until",
        "refresh_failing_since", "user_agent", "address", "authenticated_at", "acr", "amr", "granted_scopes", "sealed",
    ]

    static func values(_ session: Session) -> [ColumnValue] {
        [
            .of(session.key.digest), .of(session.version), .of(session.scope), .of(session.providerID),
            .of(session.providerSessionID), .of(session.identity.issuer), .of(session.identity.subject),
            .of(JSONValue.object(session.identity.claims).jsonText), .of(session.authTime.seconds),
            .of(session.createdAt.seconds), .of(session.lastUsedAt.seconds), .of(session.expiresAt.seconds),
            .of(session.idToken?.text), .of(session.refreshToken?.text), .of(session.accessToken?.text),
            .of(session.refresh.dueAt?.seconds), .of(session.refresh.claimedUntil?.seconds),
            .of(session.refresh.failingSince?.seconds), .of(session.device.userAgent), .of(session.device.address),
            .of(session.authentication.time?.seconds), .of(session.authentication.acr),
            .of(JSONValue.strings(session.authentication.amr).jsonText), .of(JSONValue.strings(session.grantedScopes).jsonText),
            .of(session.sealedTokens),
        ]
    }

    static func read(_ row: some StoredRow) throws -> Session {
        guard let claims = try? JSONReader.read(row.text("claims").utf8).object else {
            throw StoreFailure(detail: "a session's claims are damaged", isOfOneRecord: true)
        }
        func texts(_ column: String) throws -> [String] {
            try row.possibleText(column).flatMap { try? JSONReader.read($0.utf8).stringList } ?? []
        }
        var session = Session(
            key: SessionKey(digest: try row.bytes("key")), version: try row.integer("version"),
            identity: Identity(issuer: try row.text("issuer"), subject: try row.text("subject"), claims: claims),
            scope: try row.text("scope"), providerID: try row.text("provider"),
            providerSessionID: try row.possibleText("provider_session"), authTime: try row.moment("auth_time"),
            authentication: SessionAuthentication(
                time: try row.possibleMoment("authenticated_at"), acr: try row.possibleText("acr"), amr: try texts("amr")),
            createdAt: try row.moment("created_at"), lastUsedAt: try row.moment("last_used_at"),
            expiresAt: try row.moment("expires_at"), idToken: try row.possibleSecret("id_token"),
            refreshToken: try row.possibleSecret("refresh_token"), accessToken: try row.possibleSecret("access_token"),
            grantedScopes: try texts("granted_scopes"),
            refresh: RefreshState(
                dueAt: try row.possibleMoment("refresh_due_at"), claimedUntil: try row.possibleMoment("refresh_claimed_until"),
                failingSince: try row.possibleMoment("refresh_failing_since")),
            device: SessionDevice(userAgent: try row.text("user_agent"), address: try row.text("address")))
        session.sealedTokens = try row.possibleBytes("sealed")
        return session
    }

    /// What of a session that is over its provider has to be told.
    static let endedColumns = "key, provider, provider_session, refresh_token, sealed"

    static func readEnded(_ row: some StoredRow) throws -> EndedSession {
        var ended = EndedSession(
            key: SessionKey(digest: try row.bytes("key")), providerID: try row.text("provider"),
            providerSessionID: try row.possibleText("provider_session"), refreshToken: try row.possibleSecret("refresh_token"))
        ended.sealedTokens = try row.possibleBytes("sealed")
        return ended
    }

    /// Adds what a row of `session_changes` says: that one session has changed, or that some have ended. A damaged row may have meant
    /// any of them.
    static func add(_ row: some StoredRow, to changes: inout SessionChanges) throws {
        guard let text = try row.possibleText("ending") else {
            return changes.keys.append(SessionKey(digest: try row.bytes("key")))
        }
        guard let json = try? JSONReader.read(text.utf8), let marks = SessionEnding.Marks(json: json) else {
            changes.extent = .gap
            return
        }
        changes.endings.append(marks)
    }
}
