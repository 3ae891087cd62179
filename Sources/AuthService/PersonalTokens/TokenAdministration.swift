package import Accounts
package import JOSE
package import Web

/// The administration's `tokens`: `GET /api/tokens[?user=]`, `POST /api/tokens/revoke?id=|user=` and `POST /api/tokens/create` for programs
/// that are nobody's. Who may ask is the caller's to see to.
package struct TokenAdministration: Sendable {
    private let tokens: PersonalTokens
    private let audit: AuditLog
    private let randomness: Randomness

    /// Whose word the identity of a token is that an administrator made.
    static let issuer = "gatehouse"
    /// More are not listed at once.
    private static let maximumListed = 1000

    package init(tokens: PersonalTokens, audit: AuditLog, randomness: Randomness) {
        self.tokens = tokens
        self.audit = audit
        self.randomness = randomness
    }

    /// - Parameter path: what follows `/api/tokens`: empty, or `/` and more.
    package func answer(method: String, path: String, query: String) async -> WebResponse {
        guard let fields = FormFields(query: query) else { return .refusal(400, "the query cannot be read") }
        do throws(StoreFailure) {
            switch (method, path) {
            case ("GET", ""): return try await list(fields)
            case ("POST", "/revoke"): return try await revoke(fields)
            case ("POST", "/create"): return try await create(fields)
            default:
                var response = WebResponse.refusal(405, "GET lists, POST to /api/tokens/revoke and /api/tokens/create does")
                response.headers.add("allow", path.isEmpty ? "GET" : "POST")
                return response
            }
        } catch {
            return .refusal(503, error.detail)
        }
    }

    private func list(_ fields: FormFields) async throws(StoreFailure) -> WebResponse {
        let selection = fields.first("user").map { PersonalTokenSelection.user($0) } ?? .all
        return .json(["tokens": .array(try await tokens.list(selection, limit: Self.maximumListed).map(\.listing))])
    }

    private func revoke(_ fields: FormFields) async throws(StoreFailure) -> WebResponse {
        let chosen: [PersonalToken]
        switch (fields.first("id"), fields.first("user")) {
        case (let id?, nil):
            chosen = try await tokens.list(.all, limit: .max).filter { sameBytes($0.id, id) }
        case (nil, let user?) where !user.isEmpty: chosen = try await tokens.list(.user(user), limit: .max)
        default: return .refusal(400, "say which: one of `id` and `user`")
        }
        var count: Int64 = 0
        for token in chosen where try await tokens.revoke(token) {
            count += 1
            note(.revocation, token, "an administrator revoked personal token \(token.id)")
        }
        return .json(["revoked": .integer(count)])
    }

    private func create(_ fields: FormFields) async throws(StoreFailure) -> WebResponse {
        guard let subject = fields.first("subject"), let name = fields.first("name"),
            [subject, name].allSatisfy({ (1...100).contains($0.utf8.count) && $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }),
            let access = PersonalToken.Access(rawValue: fields.first("access") ?? "full"),
            let days = Int64(fields.first("days") ?? "30"), (1...3650).contains(days)
        else { return .refusal(400, "`subject` and `name` are 1 to 100 bytes, `access` is full or read, `days` 1 to 3650") }
        var claims = JSONObject([("groups", .strings(fields.all("group")))])
        if let email = fields.first("email") {
            claims["email"] = .string(email)
            claims["email_verified"] = true
        }
        let identity = Identity(issuer: Self.issuer, subject: subject, claims: claims)
        let made = try await tokens.create(name, access: access, lifetime: days * 86400, for: identity)
        guard let made else { return .refusal(409, "\(tokens.limits.perUser) tokens are as many as one may have") }
        note(.tokenIssued, made.token, "an administrator made personal token \(made.token.id)")
        return .json(["token": .string(made.text.text), "id": .string(made.token.id)])
    }

    private func note(_ kind: AuditEvent.Kind, _ token: PersonalToken, _ reason: String) {
        audit.record(AuditEvent(kind: kind, reference: Reference(randomness: randomness), reason: reason).about(token.identity))
    }
}

extension PersonalToken {
    /// For commands: nothing in it is secret.
    fileprivate var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("name", .string(name)), ("access", .string(access.rawValue)),
            ("issuer", .string(identity.issuer)), ("subject", .string(identity.subject)),
            ("created_at", .string(createdAt.rfc3339)), ("expires_at", .string(expiresAt.rfc3339)),
        ])
        members["email"] = identity.email.map { .string($0) }
        members["last_used_at"] = lastUsedAt.map { .string($0.rfc3339) }
        return .object(members)
    }
}

extension WebResponse {
    fileprivate static func refusal(_ status: Int, _ what: String) -> WebResponse {
        .json(["error": .string(what)], status: status)
    }
}
