import Yams

/// oauth2-proxy's configuration in YAML. What the other forms have as well is read from it under their names.
package struct AlphaConfiguration {
    static let keys = ["upstreamConfig", "injectRequestHeaders", "injectResponseHeaders", "server", "metricsServer", "providers"]

    let root: ForeignValue
    /// By the names of the configuration file.
    private(set) var options: [(String, ForeignValue)] = []
    /// What each named option stands in, to tell of the others.
    private var sections: [ForeignValue] = []

    init(_ root: ForeignValue, _ report: ImportReport) {
        self.root = root
        let providers = root.take("providers")?.items ?? []
        for other in providers.dropFirst() {
            other.say(.lost, "oauth2-proxy signs people in at the first provider only: add it to `authService.providers` by hand")
        }
        if let provider = providers.first { readProvider(provider) }
        for (key, name) in [("server", ""), ("metricsServer", "metrics_")] {
            if let server = root.take(key) { readServer(server, name) }
        }
    }

    /// After everything else was asked for.
    func leaveRest() {
        if let upstreams = root.take("upstreamConfig") { Self.leave(upstreams) }
        for section in sections { section.leaveRest("oauth2-proxy documents no such option") }
        root.leaveRest("oauth2-proxy documents no such option")
    }

    private mutating func readProvider(_ provider: ForeignValue) {
        provider.leave("id", .note, "the provider has the id of its kind")
        take(Self.ofProvider, provider)
        for (key, names) in Self.ofKinds {
            guard let section = provider.take(key) else { continue }
            take(names, section)
            sections.append(section)
        }
        sections.append(provider)
    }

    private mutating func take(_ names: [(String, String)], _ section: ForeignValue) {
        for (key, name) in names {
            if let value = section.take(key), value.scalar != "" { options.append((name, value)) }
        }
    }

    /// The names of all fields that are documented.
    package static let documented =
        keys + ofProvider.map(\.0) + ofKinds.map(\.0) + ofKinds.flatMap { $0.1.map(\.0) } + [
            "id", "proxyRawPath", "upstreams", "path", "rewriteTarget", "uri", "insecureSkipTLSVerify", "static", "staticCode",
            "flushInterval", "passHostHeader", "proxyWebSockets", "timeout", "disableKeepAlives", "preserveRequestValue",
            "InsecureSkipHeaderNormalization", "values", "claimSource", "claim", "prefix", "basicAuthPassword", "secretSource",
            "value", "fromEnv", "fromFile", "bindAddress", "secureBindAddress", "tls", "cert", "key", "minVersion",
            "cipherSuites",
            "default", "allow", "pattern",
        ]

    private static let ofProvider = [
        ("clientID", "client_id"), ("clientSecret", "client_secret"), ("clientSecretFile", "client_secret_file"),
        ("provider", "provider"), ("name", "provider_display_name"), ("caFiles", "provider_ca_files"),
        ("useSystemTrustStore", "use_system_trust_store"), ("loginURL", "login_url"),
        ("authRequestResponseMode", "auth_request_response_mode"), ("redeemURL", "redeem_url"), ("profileURL", "profile_url"),
        ("skipClaimsFromProfileURL", "skip_claims_from_profile_url"), ("resource", "resource"), ("validateURL", "validate_url"),
        ("scope", "scope"), ("allowedGroups", "allowed_groups"), ("code_challenge_method", "code_challenge_method"),
        ("backendLogoutURL", "backend_logout_url"), ("loginURLParameters", "login_url_parameters"),
        ("additionalClaims", "additional_claims"),
    ]

    private static let ofKinds: [(String, [(String, String)])] = [
        ("keycloakConfig", [("groups", "keycloak_groups"), ("roles", "allowed_roles")]),
        ("azureConfig", [("tenant", "azure_tenant"), ("graphGroupField", "azure_graph_group_field")]),
        (
            "microsoftEntraIDConfig",
            [("allowedTenants", "entra_id_allowed_tenants"), ("federatedTokenAuth", "entra_id_federated_token_auth")]
        ), ("ADFSConfig", [("skipScope", "adfs_skip_scope")]),
        ("bitbucketConfig", [("team", "bitbucket_team"), ("repository", "bitbucket_repository")]),
        (
            "githubConfig",
            [
                ("org", "github_org"), ("team", "github_team"), ("repo", "github_repo"), ("token", "github_token"),
                ("users", "github_users"),
            ]
        ), ("gitlabConfig", [("group", "gitlab_groups"), ("projects", "gitlab_projects")]),
        (
            "googleConfig",
            [
                ("group", "google_groups"), ("adminEmail", "google_admin_email"),
                ("serviceAccountJson", "google_service_account_json"),
                ("useApplicationDefaultCredentials", "google_use_application_default_credentials"),
                ("targetPrincipal", "google_target_principal"), ("useOrganizationID", "google_use_organization_id"),
                ("adminAPIUserScope", "google_admin_api_user_scope"),
            ]
        ),
        (
            "oidcConfig",
            [
                ("issuerURL", "oidc_issuer_url"), ("insecureAllowUnverifiedEmail", "insecure_oidc_allow_unverified_email"),
                ("insecureSkipIssuerVerification", "insecure_oidc_skip_issuer_verification"),
                ("insecureSkipNonce", "insecure_oidc_skip_nonce"), ("skipDiscovery", "skip_oidc_discovery"),
                ("jwksURL", "oidc_jwks_url"), ("publicKeyFiles", "oidc_public_key_files"), ("emailClaim", "oidc_email_claim"),
                ("groupsClaim", "oidc_groups_claim"), ("userIDClaim", "user_id_claim"),
                ("audienceClaims", "oidc_audience_claims"), ("extraAudiences", "oidc_extra_audiences"),
                ("enabledSigningAlgs", "oidc_enabled_signing_algs"),
            ]
        ), ("loginGovConfig", [("jwtKey", "jwt_key"), ("jwtKeyFile", "jwt_key_file"), ("pubjwkURL", "pubjwk_url")]),
    ]
}

extension AlphaConfiguration {
    /// `server` and `metricsServer`: the same shape, other names.
    private mutating func readServer(_ server: ForeignValue, _ beginning: String) {
        let names = beginning.isEmpty ? ("http_address", "https_address") : ("metrics_address", "metrics_secure_address")
        take([("bindAddress", names.0), ("secureBindAddress", names.1)], server)
        sections.append(server)
        guard let tls = server.take("tls") else { return }
        for (key, name) in [("cert", "tls_cert_file"), ("key", "tls_key_file")] {
            if let file = Self.file(tls, key) { options.append((beginning + name, file)) }
        }
        take([("minVersion", beginning + "tls_min_version"), ("cipherSuites", beginning + "tls_cipher_suites")], tls)
        sections.append(tls)
    }

    /// Certificates and keys of listeners are files here.
    private static func file(_ tls: ForeignValue, _ key: String) -> ForeignValue? {
        guard let source = tls.take(key) else { return nil }
        source.leave("value", .todo, "put it into a file, and name that at `tls` of the listener")
        source.leave("fromEnv", .todo, "put it into a file, and name that at `tls` of the listener")
        let file = source.take("fromFile")
        source.leaveRest("oauth2-proxy documents no such option")
        return file
    }

    /// The applications, which are the gateway's business.
    private static func leave(_ config: ForeignValue) {
        config.leave("proxyRawPath", .note, "paths are compared in one form, and go on as the gateway has them")
        for upstream in config.take("upstreams")?.items ?? [] {
            let isStatic = upstream.flag("static")
            for key in ["id", "staticCode"] { _ = upstream.take(key) }
            if isStatic {
                upstream.say(.note, "the gateway asks about each request and carries it to the application itself")
            } else {
                let (path, uri) = (upstream.text("path") ?? "/", upstream.text("uri") ?? "")
                upstream.say(.todo, "the gateway has to lead `\(path)` to `\(uri)`: see `gatehouse manifests`")
            }
            for key in [
                "rewriteTarget", "insecureSkipTLSVerify", "flushInterval", "passHostHeader", "proxyWebSockets", "timeout",
                "disableKeepAlives",
            ] { upstream.take(key)?.say(.note, OAuth2ProxyOptions.carriesNothing) }
            for key in ["path", "uri"] { _ = upstream.take(key) }
            upstream.leaveRest("oauth2-proxy documents no such option")
        }
        config.leaveRest("oauth2-proxy documents no such option")
    }
}
