extension OAuth2ProxyOptions {
    static let cookie: [ForeignOption] = [
        .noted("cookie_csrf_expire", usual: "15m", "a sign-in that was begun has a time of its own here"),
        .noted("cookie_csrf_per_request", .flag, "any number of sign-ins can be under way, with one cookie"),
        .noted("cookie_csrf_per_request_limit", "any number of sign-ins can be under way, with one cookie"),
        .noted("cookie_csrf_samesite", "the cookie of a sign-in is always `Lax`, or `None` where the reply is a form"),
        .becomes("cookie_domains", .list, "authService.cookie.domain"),
        .becomes("cookie_expire", "authService.session.lifetime"),
        .noted("cookie_httponly", .flag, usual: "true", "no script can read our cookies"),
        .becomes("cookie_name", "authService.cookie.name"),
        .lost("cookie_path", usual: "/", "cookies are for the whole host"),
        .noted(
            "cookie_refresh", usual: "0",
            "tokens are renewed shortly before they expire, with the scope `offline_access` or what the provider has in its place"
        ),
        .becomes("cookie_samesite", "authService.cookie.sameSite"), .becomes("cookie_secret", "authService.secrets"),
        .becomes("cookie_secret_file", "authService.secrets"),
        .becomes("cookie_secure", .flag, "authService.cookie.secure"),
    ]

    static let session: [ForeignOption] = [
        .becomes("session_store_type", "authService.session.store"),
        .noted("session_cookie_minimal", .flag, "only what is needed is in the cookie"),
        .becomes("redis_cluster_connection_urls", .list, "storage.redis.cluster"),
        .becomes("redis_connection_url", "storage.redis.url"), .becomes("redis_ca_path", "storage.redis.rootCA"),
        .todo("redis_insecure_skip_tls_verify", .flag, "certificates are always verified: give `storage.redis.rootCA`"),
        .becomes("redis_username", "storage.redis.username"), .becomes("redis_password", "storage.redis.password"),
        .becomes("redis_sentinel_password", "storage.redis.sentinelPassword"),
        .becomes("redis_sentinel_master_name", "storage.redis.url"),
        .becomes("redis_sentinel_connection_urls", .list, "storage.redis.sentinels"),
        .becomes("redis_use_cluster", .flag, "storage.redis.cluster"),
        .becomes("redis_use_sentinel", .flag, "storage.redis.sentinels"),
        .noted("redis_connection_idle_timeout", usual: "0", "a connection that the server ends is opened again"),
    ]

    static let headers: [ForeignOption] = [
        .becomes("basic_auth_password", "authService.identity.basic.password"),
        .becomes("set_xauthrequest", .flag, "authService.identity.presets"),
        .becomes("set_authorization_header", .flag, "authService.identity.authorization"),
        .becomes("set_basic_auth", .flag, "authService.identity.authorization"),
        .noted("skip_auth_strip_headers", .flag, usual: "true", "identity headers of clients are always removed"),
        .becomes("pass_access_token", .flag, "authService.identity.accessTokenHeader"),
        .becomes("pass_authorization_header", .flag, "authService.identity.authorization"),
        .becomes("pass_basic_auth", .flag, "authService.identity.authorization"),
        .becomes("prefer_email_to_user", .flag, "authService.identity.headers"),
        .becomes("pass_user_headers", .flag, "authService.identity.presets"),
    ]
}
