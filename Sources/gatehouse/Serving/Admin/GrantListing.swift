import JOSE
import OpenIDConnect
import OpenIDProvider
import Web

/// What clients hold of people's sign-ins, for those who administer the provider: `/api/grants`, `/api/grants/{id}`, and
/// `POST /api/grants/revoke?user=|client=`.
struct GrantListing: Sendable {
    let grants: GrantAdministration

    private static let maximumListed = 1000

    func answer(_ request: AdminRequest) async -> WebResponse {
        await AdminProblem.answering(for: "grants") {
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
        try request.allow("user", "client", "limit")
        let found = try await grants.list(selection(request), limit: request.limit(atMost: Self.maximumListed))
        return .administration(["grants": .array(found.map(\.listing))])
    }

    private func revoke(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow("user", "client")
        let selection = selection(request)
        guard selection != GrantSelection() else { throw AdminProblem(400, "say whose: `user`, `client` or both") }
        return .administration(["revoked": .integer(Int64(try await grants.end(selection)))])
    }

    private func end(_ request: AdminRequest) async throws -> WebResponse {
        try request.allow()
        guard try await grants.end(id: request.path[0]) else { throw AdminProblem(404, "there is no such grant") }
        return .administration(["revoked": 1])
    }

    private func selection(_ request: AdminRequest) -> GrantSelection {
        GrantSelection(user: request.query.first("user"), client: request.query.first("client"))
    }
}

extension GrantAdministration.Entry {
    fileprivate var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("client", .string(client)), ("subject", .string(subject)), ("scope", .string(scope.text)),
            ("connector", .string(connectorID)), ("session", .string(sessionID)), ("created_at", .string(createdAt.rfc3339)),
            ("expires_at", .string(expiresAt.rfc3339)), ("refresh_token", .bool(hasRefreshToken)),
        ])
        members["email"] = email.map { .string($0) }
        return .object(members)
    }
}
