package import JOSE

/// What a provider says of itself (OpenID Connect Discovery §3, RFC 8414, RP-Initiated Logout §2.1): the members that both roles use.
package struct ProviderMetadata: Sendable, Equatable {
    package var issuer: String
    package var authorizationEndpoint: String
    package var tokenEndpoint: String
    package var jwksURI: String
    package var userinfoEndpoint: String?
    package var endSessionEndpoint: String?
    package var revocationEndpoint: String?
    package var introspectionEndpoint: String?
    /// RFC 8628 §4.
    package var deviceAuthorizationEndpoint: String?
    package var idTokenSigningAlgorithms: [String]
    package var tokenEndpointAuthMethods: [String]
    /// `authorization_response_iss_parameter_supported` (RFC 9207 §3): a reply without `iss` is then refused.
    package var sendsIssuerInResponse: Bool
    /// RFC 9126 §5.
    package var pushedAuthorizationRequestEndpoint: String?
    package var requiresPushedAuthorizationRequests: Bool
    /// The endpoints for clients that authenticate with a certificate (RFC 8705 §5), by the members' names.
    package var mutualTLSEndpoints: [String: String]
    /// `nil` where the provider does not say which values of `prompt` it knows.
    package var promptValues: [String]?

    package init(issuer: String, authorizationEndpoint: String, tokenEndpoint: String, jwksURI: String) {
        self.issuer = issuer
        self.authorizationEndpoint = authorizationEndpoint
        self.tokenEndpoint = tokenEndpoint
        self.jwksURI = jwksURI
        idTokenSigningAlgorithms = ["RS256"]
        tokenEndpointAuthMethods = ["client_secret_basic"]
        sendsIssuerInResponse = false
        requiresPushedAuthorizationRequests = false
        mutualTLSEndpoints = [:]
    }

    /// `nil` where a required member is missing or not a text.
    package init?(json: JSONValue) {
        guard let members = json.object, let issuer = members["issuer"]?.string,
            let authorization = members["authorization_endpoint"]?.string, let token = members["token_endpoint"]?.string,
            let keys = members["jwks_uri"]?.string
        else { return nil }
        self.init(issuer: issuer, authorizationEndpoint: authorization, tokenEndpoint: token, jwksURI: keys)
        userinfoEndpoint = members["userinfo_endpoint"]?.string
        endSessionEndpoint = members["end_session_endpoint"]?.string
        revocationEndpoint = members["revocation_endpoint"]?.string
        introspectionEndpoint = members["introspection_endpoint"]?.string
        deviceAuthorizationEndpoint = members["device_authorization_endpoint"]?.string
        if let names = members["id_token_signing_alg_values_supported"]?.stringList { idTokenSigningAlgorithms = names }
        if let names = members["token_endpoint_auth_methods_supported"]?.stringList { tokenEndpointAuthMethods = names }
        sendsIssuerInResponse = members["authorization_response_iss_parameter_supported"]?.bool ?? false
        pushedAuthorizationRequestEndpoint = members["pushed_authorization_request_endpoint"]?.string
        requiresPushedAuthorizationRequests = members["require_pushed_authorization_requests"]?.bool ?? false
        promptValues = members["prompt_values_supported"]?.stringList
        for member in members["mtls_endpoint_aliases"]?.object?.members ?? [] {
            mutualTLSEndpoints[member.name] = member.value.string
        }
    }
}
