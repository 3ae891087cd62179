import JOSE
import OpenIDProvider
import Web

/// Who is signed in at the provider, for those who administer it: `/api/sso-sessions`, `/api/sso-sessions/{id}`, and
/// `POST /api/sso-sessions/revoke?user=`.
struct SSOListing: Sendable {
    let sso: SSOAdministration

    private static let maximumListed = 1000

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "sessions at the provider") {
            switch (request.path.count, request.method) {
            case (0, "GET"): return try await list(request)
            case (0, _): throw AdminProblem.method("GET")
            case (1, "POST") where request.path[0] == "revoke": return try await revoke(request)
            case (1, _) where request.path[0] == "revoke": throw AdminProblem.method("POST")
            case (1, "DELETE"): return try await end(request)
            case (1, _): throw AdminProblem.method("DELETE")
            default: throw AdminProblem.notFound
            }
        }
    }

    private func list(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow("user", "limit")
        let limit = try request.limit(atMost: Self.maximumListed)
        let found = try await sso.list(user: request.query.first("user"), limit: limit)
        return .administration(["sso-sessions": .array(found.map(\.listing))])
    }

    private func revoke(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow("user")
        guard let user = request.query.first("user") else { throw AdminProblem(400, "say whose: `user`") }
        return .administration(["revoked": .integer(Int64(try await sso.end(user: user)))])
    }

    private func end(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        guard try await sso.end(id: request.path[0]) else { throw AdminProblem(404, "there is no such session") }
        return .administration(["revoked": 1])
    }
}

extension SSOAdministration.Entry {
    fileprivate var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("subject", .string(account.subject)), ("connector", .string(account.connectorID)),
            ("clients", .strings(account.clients)), ("remembered", .bool(isRemembered)),
            ("created_at", .string(createdAt.rfc3339)), ("authenticated_at", .string(account.authTime.rfc3339)),
            ("last_used_at", .string(lastUsedAt.rfc3339)), ("expires_at", .string(expiresAt.rfc3339)),
        ])
        members["email"] = account.user.claims["email"]?.string.map { .string($0) }
        return .object(members)
    }
}
