import JOSE
import OpenIDProvider
import Settings

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
        members["id_token_lifetime"] = idTokenLifetime.map { .integer($0) }
        members["access_token_lifetime"] = accessTokenLifetime.map { .integer($0) }
        members["refresh_token_idle"] = refreshTokenIdle.map { .integer($0) }
        members["refresh_token_lifetime"] = refreshTokenLifetime.map { .integer($0) }
        members["backchannel_logout_uri"] = backChannelLogoutURI.map { .string($0) }
        members["frontchannel_logout_uri"] = frontChannelLogoutURI.map { .string($0) }
        return .object(members)
    }
}

extension StoredClient {
    /// The same of one that is stored, and what its secrets are called.
    var listing: JSONValue {
        var members = JSONObject([("id", .string(id)), ("source", "storage"), ("created_at", .string(createdAt.rfc3339))])
        for member in description.json.members { members[member.name] = member.value }
        if description.name.isEmpty { members["name"] = .string(id) }
        if let registration {
            members["source"] = "registration"
            members["token_endpoint_auth_method"] = .string(registration.authentication.rawValue)
            members["expires_at"] = .string(registration.expiresAt.rfc3339)
        }
        members["secrets"] = .integer(Int64(secrets.count))
        members["secret_ids"] = .array(
            secrets.map { ["id": .string($0.id), "created_at": .string($0.createdAt.rfc3339)] })
        return .object(members)
    }
}
