import JOSE
import Web

/// `/.well-known/openid-configuration` (OpenID Connect Discovery §4).
struct DiscoveryEndpoint {
    let issuer: Issuer

    func respond() -> WebResponse {
        var metadata = metadata
        if let certificates = issuer.settings.clientCertificates { add(certificates, to: &metadata) }
        metadata["registration_endpoint"] = issuer.settings.registration.map { _ in .string(issuer.url("/register")) }
        return JSONResponse.cached(JSONValue.object(metadata).jsonBytes, maxAge: 3600)
    }

    /// RFC 8705 §3.3 and §5.
    private func add(_ certificates: ClientCertificateTrust, to metadata: inout JSONObject) {
        metadata["tls_client_certificate_bound_access_tokens"] = true
        guard let url = certificates.url else { return }
        let aliases = [
            ("token_endpoint", "/token"), ("introspection_endpoint", "/token/introspect"), ("revocation_endpoint", "/revoke"),
            ("device_authorization_endpoint", "/device/code"), ("pushed_authorization_request_endpoint", "/par"),
            ("userinfo_endpoint", "/userinfo"),
        ]
        var found = JSONObject()
        for (name, path) in aliases { found[name] = .string(url + path) }
        metadata["mtls_endpoint_aliases"] = .object(found)
    }

    private static let verified = SignatureAlgorithm.allCases.map(\.rawValue)
    private var authentications: [String] { issuer.settings.authentications.map(\.rawValue) }
    private var confidential: [String] { issuer.settings.authentications.filter { $0 != .identified }.map(\.rawValue) }

    private var metadata: JSONObject {
        JSONObject([
            ("issuer", .string(issuer.settings.issuer)),
            ("authorization_endpoint", .string(issuer.url("/auth"))),
            ("token_endpoint", .string(issuer.url("/token"))),
            ("jwks_uri", .string(issuer.url("/keys"))),
            ("userinfo_endpoint", .string(issuer.url("/userinfo"))),
            ("end_session_endpoint", .string(issuer.url("/logout"))),
            ("introspection_endpoint", .string(issuer.url("/token/introspect"))),
            ("revocation_endpoint", .string(issuer.url("/revoke"))),
            ("device_authorization_endpoint", .string(issuer.url("/device/code"))),
            ("pushed_authorization_request_endpoint", .string(issuer.url("/par"))),
            ("response_types_supported", ["code"]),
            ("response_modes_supported", .strings(ResponseMode.allCases.map(\.rawValue))),
            ("grant_types_supported", .strings(issuer.settings.grantTypes.map(\.rawValue))),
            ("subject_types_supported", ["public"]),
            ("id_token_signing_alg_values_supported", .strings(issuer.settings.signingAlgorithms.map(\.rawValue))),
            ("code_challenge_methods_supported", ["S256"]),
            ("scopes_supported", .strings(ClaimScope.supported)),
            ("token_endpoint_auth_methods_supported", .strings(authentications)),
            ("token_endpoint_auth_signing_alg_values_supported", .strings(Self.verified + ["HS256"])),
            ("introspection_endpoint_auth_methods_supported", .strings(confidential)),
            ("introspection_endpoint_auth_signing_alg_values_supported", .strings(Self.verified + ["HS256"])),
            ("revocation_endpoint_auth_methods_supported", .strings(authentications)),
            ("revocation_endpoint_auth_signing_alg_values_supported", .strings(Self.verified + ["HS256"])),
            ("claims_supported", .strings(ClaimScope.claimsSupported)),
            ("authorization_response_iss_parameter_supported", true),
            ("claims_parameter_supported", true),
            ("acr_values_supported", .strings(Authentication.classes(issuer.settings.secondFactor))),
            ("prompt_values_supported", ["none", "login", "consent", "select_account"]),
            ("ui_locales_supported", .strings(Language.allCases.map(\.rawValue))),
            ("backchannel_logout_supported", true),
            ("backchannel_logout_session_supported", true),
            ("frontchannel_logout_supported", true),
            ("frontchannel_logout_session_supported", true),
            ("request_parameter_supported", true),
            ("request_object_signing_alg_values_supported", .strings(Self.verified)),
            ("require_signed_request_object", false),
            ("require_pushed_authorization_requests", false),
            // The default of this one is true (OpenID Connect Discovery §3).
            ("request_uri_parameter_supported", false),
        ])
    }
}
