import JOSE
import Settings
import Web

/// The provider's clients, for those who administer it: `/api/clients` and `/api/clients/{id}`. They are those of the configuration;
/// clients that register themselves are kept nowhere.
struct ClientAdministration: Sendable {
    let clients: [ClientSettings]

    func answer(_ request: AdminRequest) -> WebResponse {
        do throws(AdminProblem) {
            guard request.path.count < 2 else { throw .notFound }
            guard request.method == "GET" else { throw .method("GET") }
            try request.allow()
            guard let id = request.path.first else {
                return .administration(["clients": .array(clients.map(\.listing))])
            }
            guard let client = clients.first(where: { sameBytes($0.id, id) }) else {
                throw AdminProblem(404, "there is no such client in the configuration")
            }
            return .administration(["client": client.listing])
        } catch { return error.response }
    }
}

/// Where people sign in, for those who administer the provider: `/api/connectors`.
struct ConnectorAdministration: Sendable {
    let provider: ProviderSettings

    func answer(_ request: AdminRequest) -> WebResponse {
        do throws(AdminProblem) {
            guard request.path.isEmpty else { throw .notFound }
            guard request.method == "GET" else { throw .method("GET") }
            try request.allow()
            let others = provider.connectors.map { ($0.id, $0.name) }
            let hasLocal = !provider.users.isEmpty || provider.storedUsers != nil || others.isEmpty
            let all = (hasLocal ? [("local", "Local users")] : []) + others
            return .administration([
                "connectors": .array(all.map { ["id": .string($0.0), "name": .string($0.1)] })
            ])
        } catch { return error.response }
    }
}

extension ClientSettings {
    /// What administrators are told of a client: how many secrets, and none of them.
    var listing: JSONValue {
        var members = JSONObject([
            ("id", .string(id)), ("name", .string(name)), ("source", "configuration"), ("public", .bool(isPublic)),
            ("secrets", .integer(Int64(secrets.count + secretHashes.count))),
            ("redirect_uris", .strings(redirectURIs)), ("post_logout_redirect_uris", .strings(postLogoutRedirectURIs)),
            ("grant_types", .strings(grantTypes.map(\.rawValue))), ("access_token_format", .string(accessTokenFormat.rawValue)),
        ])
        members["scopes"] = scopes.map { .strings($0) }
        members["connectors"] = connectors.map { .strings($0) }
        members["groups"] = groups.map { .strings($0) }
        members["backchannel_logout_uri"] = backChannelLogoutURI.map { .string($0) }
        members["frontchannel_logout_uri"] = frontChannelLogoutURI.map { .string($0) }
        return .object(members)
    }
}
