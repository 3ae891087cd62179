extension OAuth2ProxyOptions {
    static let proxy: [ForeignOption] = [
        .noted("allow_query_semicolons", .flag, "what stands in a query is the application's business"),
        .becomes("api_routes", .list, "authService.rules[].api"),
        .becomes("authenticated_emails_file", "authService.providers[].allow.emailsFile"),
        .becomes("bearer_token_login_fallback", .flag, "authService.onInvalidBearer"),
        .becomes("email_domains", .list, "authService.providers[].allow.emailDomains"),
        .noted("encode_state", .flag, "`state` is made of letters, digits, `-` and `_`"),
        .becomes("extra_jwt_issuers", .list, flag: "extra-jwt-issuers", "authService.bearer"),
        .lost("force_https", .flag, "the gateway redirects http to https"),
        .becomes("force_json_errors", .flag, "authService.rules[].api"),
        .todo(
            "htpasswd_file",
            "make these users with `gatehouse users`, or in `provider.users`; `basicAuthentication: true` takes their passwords"),
        .lost("htpasswd_user_groups", .list, "goes with `htpasswd_file`: name the groups at each user"),
        .becomes("proxy_prefix", "authService.path"),
        .noted("real_client_ip_header", usual: "X-Real-IP", "X-Forwarded-For is read, of trusted proxies"),
        .becomes("redirect_url", "authService.publicURL"),
        .becomes("relative_redirect_url", .flag, "authService.publicURL"),
        .becomes("reverse_proxy", .flag, "listen.trustedProxies"),
        .becomes("trusted_proxy_ips", .list, "listen.trustedProxies"),
        .lost("signature_key", "requests are not signed: applications can verify `identity.assertion`"),
        .becomes("skip_auth_preflight", .flag, "authService.rules[].allowPreflight"),
        .becomes("skip_auth_regex", .list, flag: "skip-auth-regex", "authService.rules[].allow"),
        .becomes("skip_auth_routes", .list, "authService.rules[].allow"),
        .becomes("skip_jwt_bearer_tokens", .flag, "authService.bearer"),
        .noted("skip_provider_button", .flag, "with one provider no page stands before its own"),
        .todo("ssl_insecure_skip_verify", .flag, "certificates of providers are always verified: give `connection.caFile`"),
        .becomes("trusted_ips", .list, "authService.rules[].when.networks"),
        .becomes("whitelist_domains", .list, "authService.publicHosts"),
    ]

    static let server: [ForeignOption] = [
        .becomes("http_address", "listen.web"), .becomes("https_address", "listen.web"),
        .becomes("metrics_address", "listen.admin"), .becomes("metrics_secure_address", "listen.admin"),
        .becomes("metrics_tls_cert_file", "listen.admin.tls"), .becomes("metrics_tls_key_file", "listen.admin.tls"),
        .becomes("tls_cert_file", "listen.web.tls"), .becomes("tls_key_file", "listen.web.tls"),
        .noted("tls_cipher_suites", .list, "the cipher suites are those that TLS 1.2 and 1.3 still have for good"),
        .becomes("tls_min_version", "listen.web.tls.minimumVersion"),
    ]
}
