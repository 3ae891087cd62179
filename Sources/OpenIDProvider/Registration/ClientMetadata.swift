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

    /// From a request; every member has been checked.
    init(checked members: JSONObject) {
        redirectURIs = members["redirect_uris"]?.stringList ?? []
        name = members["client_name"]?.string ?? "Registered application"
        authentication =
            members["token_endpoint_auth_method"]?.string.flatMap(Client.Authentication.init(rawValue:)) ?? .clientSecretBasic
        grantTypes = members["grant_types"]?.stringList?.compactMap(GrantType.init(rawValue:)) ?? [.authorizationCode]
        scope = members["scope"]?.string.flatMap { Scope(parsing: $0) }
        // Only what is public of them: a client may have sent more than it should.
        keys = members["jwks"].flatMap(JSONWebKeySet.init(json:))?.json
        idTokenAlgorithm = members["id_token_signed_response_alg"]?.string.flatMap(SignatureAlgorithm.init(rawValue:))
    }

    /// As it is kept.
    init(_ description: ClientDescription, _ registration: StoredRegistration) {
        redirectURIs = description.redirectURIs
        name = description.name
        authentication = registration.authentication
        grantTypes = description.grantTypes
        scope = registration.scope
        keys = description.keys
        idTokenAlgorithm = registration.idTokenAlgorithm
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

    /// Takes the place of what the client has said before; what administrators have said of it stays.
    func replace(_ description: inout ClientDescription, _ registration: inout StoredRegistration) {
        description.name = name
        description.redirectURIs = redirectURIs
        description.grantTypes = grantTypes
        (description.keys, description.keysURI) = (keys, nil)
        description.isPublic = authentication == .identified
        description.authentication = nil
        description.scopes = scope?.values.filter(ClaimScope.supported.contains)
        // The operator does not know it: its users are asked.
        description.skipsConsent = description.skipsConsent ?? false
        registration.authentication = authentication
        registration.idTokenAlgorithm = idTokenAlgorithm
        registration.scope = scope
    }
}
