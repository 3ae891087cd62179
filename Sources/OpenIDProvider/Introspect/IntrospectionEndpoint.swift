import JOSE
import OpenIDConnect
import Web

/// `/token/introspect` (RFC 7662): what a token is worth now. `token_use` as Dex has it.
struct IntrospectionEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var call = IntrospectionRequest(web, now: issuer.clock.now)
        do throws(ProviderStoreFailure) {
            if let refusal = try await issuer.firstRefusal(IntrospectionChecks.all, &call) {
                return try await issuer.refuse(refusal, call)
            }
            guard let client = call.client, let token = try await issuer.known(call["token"] ?? ""),
                mayKnow(client, token), let content = content(token)
            else { return JSONResponse.uncached(["active": false]) }
            return JSONResponse.uncached(.object(content))
        } catch {
            return issuer.unavailable(error.detail, call)
        }
    }

    private func mayKnow(_ client: Client, _ token: KnownToken) -> Bool {
        switch client.introspection {
        case .all: return true
        case .own:
            if sameBytes(token.clientID, client.id) { return true }
            guard case .access(let token, _) = token else { return false }
            return token.audience.contains { sameBytes($0, client.id) }
        }
    }

    /// `nil` for what is not active.
    private func content(_ token: KnownToken) -> JSONObject? {
        switch token {
        case .access(let token, let grant): access(token, grant)
        case .refresh(let grant, let isCurrent): isCurrent ? refresh(grant) : nil
        }
    }

    private func access(_ token: AccessToken, _ grant: GrantRecord?) -> JSONObject {
        var members = base(subject: token.subject, clientID: token.clientID, scope: token.scope, use: "access_token")
        members["token_type"] = "Bearer"
        members["exp"] = .integer(token.expiresAt.seconds)
        members["iat"] = .integer(token.issuedAt.seconds)
        members["nbf"] = .integer(token.issuedAt.seconds)
        members["aud"] = .strings(token.audience)
        members["jti"] = .string(token.id)
        members["auth_time"] = token.authTime.map { .integer($0.seconds) }
        members["sid"] = token.sessionID.map { .string($0) }
        members["act"] = token.actor
        members["cnf"] = token.confirmation
        if let grant { tell(grant, token.scope, &members) }
        return members
    }

    private func refresh(_ grant: GrantRecord) -> JSONObject {
        var members = base(subject: grant.subject, clientID: grant.clientID, scope: grant.scope, use: "refresh_token")
        members["exp"] = .integer(grant.expiresAt.seconds)
        members["iat"] = (grant.refresh?.rotatedAt).map { .integer($0.seconds) }
        members["auth_time"] = .integer(grant.authTime.seconds)
        members["sid"] = .string(grant.sessionID)
        tell(grant, grant.scope, &members)
        return members
    }

    private func base(subject: String, clientID: String, scope: Scope, use: String) -> JSONObject {
        JSONObject([
            ("active", true), ("iss", .string(issuer.settings.issuer)), ("sub", .string(subject)),
            ("client_id", .string(clientID)), ("scope", .string(scope.text)), ("token_use", .string(use)),
        ])
    }

    /// The user's claims that the scope covers, and the name that people know them by.
    private func tell(_ grant: GrantRecord, _ scope: Scope, _ members: inout JSONObject) {
        let claims = ClaimScope.claims(of: grant, for: scope)
        for claim in claims.members where members[claim.name] == nil { members[claim.name] = claim.value }
        // RFC 9470 §6.2.
        if !grant.authentication.acr.isEmpty { members["acr"] = .string(grant.authentication.acr) }
        if !grant.authentication.amr.isEmpty { members["amr"] = .strings(grant.authentication.amr) }
        members["username"] = claims["preferred_username"] ?? claims["email"]
    }
}
