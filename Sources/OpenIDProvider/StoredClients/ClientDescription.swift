package import JOSE
import OpenIDConnect
import Web

/// What administrators say of a client of the store, in the words of RFC 7591 §2 where it has some.
package struct ClientDescription: Sendable, Equatable {
    package var name = ""
    package var isPublic = false
    package var redirectURIs: [String] = []
    package var postLogoutRedirectURIs: [String] = []
    package var grantTypes = Self.usualGrantTypes
    package var authentication: Client.Authentication?
    /// A JSON Web Key Set.
    package var keys: JSONValue?
    /// Where it publishes one; there are no `keys` then.
    package var keysURI: String?
    package var scopes: [String]?
    package var connectors: [String]?
    package var groups: [String]?
    package var audience: [String] = []
    package var accessTokenFormat = Client.AccessTokenFormat.jwt
    package var trustedPeers: [String] = []
    package var skipsConsent: Bool?
    package var requiresPKCE = false
    package var backChannelLogoutURI: String?
    package var frontChannelLogoutURI: String?
    package var lifetimes = ClientLifetimes()
    package var isDisabled = false

    package init() {}

    private static let usualGrantTypes = GrantType.allCases.filter(GrantType.usual.contains)

    /// Whether it authenticates with a secret.
    package var usesSecret: Bool { !isPublic && authentication != .privateKeyJWT }

    /// As administrators read it, and as a store has it.
    package var json: JSONObject {
        var members = JSONObject([
            ("public", .bool(isPublic)), ("redirect_uris", .strings(redirectURIs)),
            ("post_logout_redirect_uris", .strings(postLogoutRedirectURIs)),
            ("grant_types", .strings(grantTypes.map(\.shortName))), ("access_token_format", .string(accessTokenFormat.rawValue)),
            ("disabled", .bool(isDisabled)),
        ])
        members["name"] = name.isEmpty ? nil : .string(name)
        members["token_endpoint_auth_method"] = authentication.map { .string($0.rawValue) }
        members["jwks"] = keys
        members["jwks_uri"] = keysURI.map { .string($0) }
        members["scopes"] = scopes.map { .strings($0) }
        members["connectors"] = connectors.map { .strings($0) }
        members["groups"] = groups.map { .strings($0) }
        members["audience"] = audience.isEmpty ? nil : .strings(audience)
        members["trusted_peers"] = trustedPeers.isEmpty ? nil : .strings(trustedPeers)
        members["skip_consent"] = skipsConsent.map { .bool($0) }
        members["require_pkce"] = requiresPKCE ? true : nil
        members["backchannel_logout_uri"] = backChannelLogoutURI.map { .string($0) }
        members["frontchannel_logout_uri"] = frontChannelLogoutURI.map { .string($0) }
        members["id_token_lifetime"] = lifetimes.idToken.map { .integer($0) }
        members["access_token_lifetime"] = lifetimes.accessToken.map { .integer($0) }
        members["refresh_token_idle"] = lifetimes.refreshIdle.map { .integer($0) }
        members["refresh_token_lifetime"] = lifetimes.refreshLifetime.map { .integer($0) }
        return members
    }

    /// The client that it describes.
    func client(id: String, secrets: [SecretDigest]) -> Client {
        var client = Client(
            id: id, name: name.isEmpty ? id : name, secrets: [], isPublic: isPublic, redirectURIs: redirectURIs,
            postLogoutRedirectURIs: postLogoutRedirectURIs)
        client.secretDigests = usesSecret ? secrets : []
        client.authentication = isPublic ? nil : authentication
        client.keys = keys.flatMap(JSONWebKeySet.init(json:)).map { .set($0) } ?? keysURI.map { .uri($0) }
        client.lifetimes = lifetimes
        client.grantTypes = Set(grantTypes)
        client.scopes = scopes
        client.connectors = connectors
        client.groups = groups
        client.accessTokenAudience = audience
        client.accessTokenFormat = accessTokenFormat
        client.trustedPeers = trustedPeers
        client.skipsConsent = skipsConsent
        client.requiresPKCE = requiresPKCE
        client.backChannelLogoutURI = backChannelLogoutURI
        client.frontChannelLogoutURI = frontChannelLogoutURI
        return client
    }
}

extension GrantType {
    /// As the configuration spells it.
    package var shortName: String {
        switch self {
        case .authorizationCode, .refreshToken, .clientCredentials, .password: rawValue
        case .deviceCode: "device_code"
        case .tokenExchange: "token_exchange"
        case .jwtBearer: "jwt_bearer"
        }
    }

    package init?(shortName: String) {
        guard let type = Self.allCases.first(where: { sameBytes($0.shortName, shortName) }) else { return nil }
        self = type
    }
}
