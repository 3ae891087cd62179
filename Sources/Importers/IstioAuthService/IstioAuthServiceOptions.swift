/// Every field of the configuration of the Istio ecosystem's authservice, by the message that it is in.
package enum IstioAuthServiceOptions {
    package static let all =
        config + chain + filter + oidc + token + logout + cookie + keys + reference + redis + tls + triggers + exchange

    static let config: [ForeignOption] = [
        .becomes("chains", .list, "authService.rules"), .becomes("listen_address", "listen.checkGRPC"),
        .becomes("listen_port", "listen.checkGRPC"), .becomes("log_level", "log.level"),
        .noted("threads", usual: "1", "there is an event loop for each core"),
        .becomes("trigger_rules", .list, "authService.rules"), .becomes("default_oidc_config", "authService.providers[]"),
        .becomes("allow_unmatched_requests", .flag, "authService.rules"),
        .becomes("health_listen_address", "listen.admin"), .becomes("health_listen_port", "listen.admin"),
        .noted("health_listen_path", usual: "/healthz", "probes ask for /livez and /readyz at `listen.admin`"),
    ]

    static let chain: [ForeignOption] = [
        .becomes("name", "authService.providers[].id"), .becomes("match", "authService.rules[]"),
        .becomes("filters", .list, "authService.providers[]"), .becomes("header", "authService.rules[].when.headers"),
        .becomes("prefix", "authService.rules[].paths"), .becomes("equality", "authService.rules[].hosts"),
    ]

    static let filter: [ForeignOption] = [
        .becomes("oidc", "authService.providers[]"), .becomes("oidc_override", "authService.providers[]"),
        .becomes("mock", "authService.rules[].allow"), .becomes("allow", .flag, "authService.rules[].allow"),
    ]

    static let oidc: [ForeignOption] = [
        .becomes("configuration_uri", "authService.providers[].issuer"),
        .becomes("authorization_uri", "authService.providers[].endpoints.authorization"),
        .becomes("token_uri", "authService.providers[].endpoints.token"), .becomes("callback_uri", "authService.publicURLs"),
        .lost(
            "jwks", "keys come from the provider's key set, which can change: give `endpoints.jwks`, or an issuer with metadata"),
        .becomes("jwks_fetcher", "authService.providers[].endpoints.jwks"),
        .becomes("client_authentication_method", "authService.providers[].tokenEndpointAuth"),
        .becomes("client_id", "authService.providers[].clientID"),
        .becomes("client_secret", "authService.providers[].clientSecret"),
        .becomes("client_secret_ref", "authService.providers[].clientSecret"),
        .becomes("scopes", .list, "authService.providers[].scopes"), .becomes("cookie_name_prefix", "authService.cookie.name"),
        .becomes("cookie_attributes", "authService.cookie"), .becomes("id_token", "authService.identity.authorization"),
        .becomes("access_token", "authService.identity.accessTokenHeader"), .becomes("logout", "authService.path"),
        .becomes("absolute_session_timeout", "authService.session.lifetime"),
        .becomes("idle_session_timeout", "authService.session.idle"),
        .becomes("trusted_certificate_authority", "authService.providers[].connection.caFile"),
        .becomes("trusted_certificate_authority_file", "authService.providers[].connection.caFile"),
        .noted("trusted_certificate_authority_refresh_interval", "the file is read when the program starts"),
        .becomes("proxy_uri", "authService.providers[].connection.proxy"),
        .becomes("redis_session_store_config", "storage.redis"), .todo("skip_verify_peer_cert", .flag, isVerified),
        .lost("token_exchange", "say at the rules of the applications that need one which token they get: `tokenExchange`"),
    ]

    private static let isVerified = "certificates are always verified: give the authority's"

    static let token: [ForeignOption] = [
        .becomes("header", "authService.identity.accessTokenHeader"), .becomes("preamble", "authService.identity.authorization"),
    ]

    static let logout: [ForeignOption] = [
        .todo("path", "lead this path to our own, `PATH/sign-out` of the path that `authService.path` is"),
        .noted("redirect_uri", "a sign-out goes on to the provider's own, and comes back to a page of ours"),
    ]

    static let cookie: [ForeignOption] = [
        .becomes("same_site", "authService.cookie.sameSite"), .becomes("domain", "authService.cookie.domain"),
        .lost("partitioned", .flag, "cookies are not partitioned"),
    ]

    static let keys: [ForeignOption] = [
        .becomes("jwks_uri", "authService.providers[].endpoints.jwks"),
        .noted("periodic_fetch_interval_sec", "keys are fetched when one is asked for that is not known, and now and then"),
        .todo("skip_verify_peer_cert", .flag, isVerified),
    ]

    static let reference: [ForeignOption] = [
        .becomes("namespace", "authService.providers[].clientSecret"), .becomes("name", "authService.providers[].clientSecret"),
    ]

    static let redis: [ForeignOption] = [
        .becomes("server_uri", "storage.redis.url"), .becomes("username", "storage.redis.username"),
        .becomes("password", "storage.redis.password"), .becomes("password_file", "storage.redis.password"),
        .becomes("tls_config", "storage.redis.rootCA"),
    ]

    static let tls: [ForeignOption] = [
        .todo("skip_verify_peer_cert", .flag, isVerified), .becomes("trusted_ca_pem", "storage.redis.rootCA"),
        .becomes("trusted_ca_file", "storage.redis.rootCA"), .becomes("client_cert_pem", "storage.redis.clientCert"),
        .becomes("client_cert_file", "storage.redis.clientCert"), .becomes("client_key_pem", "storage.redis.clientKey"),
        .becomes("client_key_file", "storage.redis.clientKey"),
    ]

    static let triggers: [ForeignOption] = [
        .becomes("excluded_paths", .list, "authService.rules[].allow"),
        .becomes("included_paths", .list, "authService.rules[].allow"),
        .becomes("exact", "authService.rules[].paths"), .becomes("prefix", "authService.rules[].paths"),
        .becomes("suffix", "authService.rules[].paths"), .becomes("regex", "authService.rules[].paths"),
    ]

    /// All of it goes with `token_exchange`, which is told of as a whole.
    private static let exchange: [ForeignOption] = [
        "token_exchange_uri", "client_credentials", "bearer_token_credentials", "client_id", "client_secret", "client_secret_ref",
        "token", "token_path", "kubernetes_service_account_token",
    ].map { .lost($0, "goes with `token_exchange`") }
}

extension ForeignValue {
    /// What nobody has asked for of a message.
    func leaveRest(_ table: [ForeignOption]) { leaveRest(by: table, of: "the authservice") }
}
