import JOSE
import OpenIDConnect
import Web

/// What a client says of itself when it registers (RFC 7591 §2), as far as we use it.
struct ClientMetadata: Sendable {
    var redirectURIs: [String]
    var name: String
    var authentication: Client.Authentication
    var grantTypes: [GrantType]
    var scope: Scope?
    var keys: JSONValue?
    /// What its ID tokens are signed with; `nil`: RS256 (OpenID Connect Dynamic Client Registration §2).
    var idTokenAlgorithm: SignatureAlgorithm?

    var isPublic: Bool { authentication == .identified }

    /// From a request; every member has been checked.
    init(checked members: JSONObject) {
        redirectURIs = members["redirect_uris"]?.stringList ?? []
        name = members["client_name"]?.string ?? "Registered application"
        authentication =
            members["token_endpoint_auth_method"]?.string.flatMap(Client.Authentication.init(rawValue:)) ?? .clientSecretBasic
        grantTypes = members["grant_types"]?.stringList?.compactMap(GrantType.init(rawValue:)) ?? [.authorizationCode]
        scope = members["scope"]?.string.flatMap { Scope(parsing: $0) }
        keys = members["jwks"]
        idTokenAlgorithm = members["id_token_signed_response_alg"]?.string.flatMap(SignatureAlgorithm.init(rawValue:))
    }

    /// From what an id holds.
    init?(sealed members: JSONObject) {
        guard members["token_endpoint_auth_method"]?.string != nil else { return nil }
        self.init(checked: members)
    }

    /// In the words of RFC 7591 §2.
    var json: JSONObject {
        var members = JSONObject([
            ("redirect_uris", .strings(redirectURIs)), ("client_name", .string(name)),
            ("token_endpoint_auth_method", .string(authentication.rawValue)),
            ("grant_types", .strings(grantTypes.map(\.rawValue))), ("response_types", ["code"]),
        ])
        members["scope"] = scope.map { .string($0.text) }
        members["jwks"] = keys
        members["id_token_signed_response_alg"] = idTokenAlgorithm.map { .string($0.rawValue) }
        return members
    }

    func client(id: String, secret: Secret) -> Client {
        let usesSecret = authentication != .identified && authentication != .privateKeyJWT
        var client = Client(
            id: id, name: name, secrets: usesSecret ? [secret] : [], isPublic: isPublic, redirectURIs: redirectURIs)
        client.authentication = isPublic ? nil : authentication
        client.keys = keys.flatMap(JSONWebKeySet.init(json:)).map { .set($0) }
        client.grantTypes = Set(grantTypes)
        client.idTokenSigningAlgorithm = idTokenAlgorithm ?? .rs256
        // The operator does not know it: its users are asked.
        client.skipsConsent = false
        client.scopes = scope?.values.filter(ClaimScope.supported.contains)
        return client
    }
}
