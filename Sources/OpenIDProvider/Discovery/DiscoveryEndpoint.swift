import JOSE
import Web

/// `/.well-known/openid-configuration` (OpenID Connect Discovery §4).
struct DiscoveryEndpoint {
    let issuer: Issuer

    func respond() -> WebResponse { JSONResponse.cached(.object(metadata), maxAge: 3600) }

    private var metadata: JSONObject {
        JSONObject([
            ("issuer", .string(issuer.settings.issuer)),
            ("authorization_endpoint", .string(issuer.url("/auth"))),
            ("token_endpoint", .string(issuer.url("/token"))),
            ("jwks_uri", .string(issuer.url("/keys"))),
            ("userinfo_endpoint", .string(issuer.url("/userinfo"))),
            ("end_session_endpoint", .string(issuer.url("/logout"))),
            ("response_types_supported", ["code"]),
            ("response_modes_supported", ["query"]),
            ("grant_types_supported", ["authorization_code", "refresh_token"]),
            ("subject_types_supported", ["public"]),
            ("id_token_signing_alg_values_supported", .strings(issuer.settings.signingAlgorithms.map(\.rawValue))),
            ("code_challenge_methods_supported", ["S256"]),
            ("scopes_supported", .strings(ClaimScope.supported)),
            ("token_endpoint_auth_methods_supported", ["client_secret_basic", "client_secret_post", "none"]),
            ("claims_supported", .strings(ClaimScope.claimsSupported)),
            ("authorization_response_iss_parameter_supported", true),
            ("claims_parameter_supported", false),
            ("request_parameter_supported", false),
            // The default of this one is true (OpenID Connect Discovery §3).
            ("request_uri_parameter_supported", false),
        ])
    }
}
