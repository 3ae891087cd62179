/// Every variable of Arrikto's OIDC AuthService, those of older releases included.
package enum ArriktoOptions {
    package static let all: [ForeignOption] = provider + general + identity + server + site + authenticators

    private static let provider: [ForeignOption] = [
        .becomes("OIDC_PROVIDER", "authService.providers[].issuer"),
        .becomes("CLIENT_ID", "authService.providers[].clientID"),
        .becomes("CLIENT_SECRET", "authService.providers[].clientSecret"),
        .becomes("OIDC_AUTH_URL", "authService.providers[].endpoints.authorization"),
        .becomes("REDIRECT_URL", "authService.publicURL"), .becomes("OIDC_SCOPES", .list, "authService.providers[].scopes"),
        .lost(
            "STRICT_SESSION_VALIDATION", .flag,
            "the provider is asked when tokens are renewed, and its back-channel logout is heard"),
        .noted("OIDC_STATE_STORE_PATH", usual: "/var/lib/authservice/data.db", "nothing is stored of a sign-in under way"),
        .becomes("CA_BUNDLE", "authService.providers[].connection.caFile"),
    ]

    private static let general: [ForeignOption] = [
        .becomes("AUTHSERVICE_URL_PREFIX", "authService.compatibility"),
        .becomes("SKIP_AUTH_URLS", .list, "authService.rules[].allow"),
        .becomes("SKIP_AUTH_URI", .list, "authService.rules[].allow"),
        .lost("AUTH_HEADER", usual: "Authorization", "tokens come in `Authorization: Bearer`"),
        .noted("AUTH_METHOD_HEADER", usual: "Auth-Method", "how somebody signed in is in `identity.assertion`"),
        .noted("SCHEME_DEFAULT", usual: "https", "the scheme is the public URL's"),
        .noted("SCHEME_HEADER", usual: "X-Forwarded-Proto", "the scheme is the public URL's"),
        .becomes("AUDIENCES", .list, "authService.bearer[].audiences"),
        .noted("HOMEPAGE_URL", "there is no page for people who have not signed in: make one, and a rule with `allow: anyone`"),
        .lost("AFTER_LOGIN_URL", "people come back to the page that they wanted"),
        .lost("AFTER_LOGOUT_URL", "the answer to a sign-out names our own page"),
        .lost("STATIC_DESTINATION_URL", "the answer to a sign-out names our own page"),
        .noted("VERIFY_AUTH_URL", "the gateway asks about requests at `listen.checkHTTP` and `listen.checkGRPC`"),
        .becomes("LOG_LEVEL", "log.level"), .becomes("GROUPS_ALLOWLIST", .list, "authService.rules[].allow.groups"),
        .lost("EXTERNAL_AUTHZ_URL", "say who may do what in `rules`; `allow: { kubernetes: … }` asks the API server"),
        .todo("AUTHZ_CONFIG_PATH", "write its hosts and groups as `rules`: `{ hosts: [ … ], allow: { groups: [ … ] } }`"),
    ]

    private static let identity: [ForeignOption] = [
        .becomes("USERID_HEADER", "authService.identity.headers"), .becomes("GROUPS_HEADER", "authService.identity.headers"),
        .becomes("USERID_PREFIX", "authService.identity.headers"), .becomes("USERID_CLAIM", "authService.identity.headers"),
        .becomes("GROUPS_CLAIM", "authService.providers[].claims.groups"),
        .becomes("USERID_TRANSFORMERS", "authService.providers[].claims.transform"),
        .becomes("TOKEN_HEADER", "authService.identity.authorization"),
        .becomes("TOKEN_SCHEME", "authService.identity.authorization"),
        .becomes("USERID_TOKEN_HEADER", "authService.identity.assertion"),
        .lost("ID_TOKEN_HEADER", usual: "Authorization", "tokens come in `Authorization: Bearer`"),
    ]

    private static let server: [ForeignOption] = [
        .becomes("SERVER_HOSTNAME", "listen.checkHTTP"), .becomes("SERVER_PORT", "listen.checkHTTP"),
        .becomes("PORT", "listen.checkHTTP"), .becomes("WEB_SERVER_PORT", "listen.web"),
        .becomes("READINESS_PROBE_PORT", "listen.admin"), .becomes("SESSION_STORE_TYPE", "storage"),
        .becomes("SESSION_STORE_PATH", "storage.sqlite"), .becomes("STORE_PATH", "storage.sqlite"),
        .becomes("SESSION_STORE_REDIS_ADDR", "storage.redis.url"), .becomes("SESSION_STORE_REDIS_PWD", "storage.redis.password"),
        .becomes("SESSION_STORE_REDIS_DB", "storage.redis.url"), .becomes("SESSION_MAX_AGE", "authService.session.lifetime"),
        .becomes("SESSION_SAME_SITE", "authService.cookie.sameSite"), .becomes("SESSION_DOMAIN", "authService.cookie.domain"),
    ]

    private static let site: [ForeignOption] = [
        .becomes("CLIENT_NAME", "authService.providers[].name"),
        .lost("THEMES_URL", usual: "themes", "our pages are others, see `pages.theme`"),
        .lost("THEME", usual: "kubeflow", "our pages are others, see `pages.theme`"),
        .lost("TEMPLATE_PATH", .list, "our pages are others, see `pages.theme`"),
    ]

    /// `TEMPLATE_CONTEXT_…` has any name.
    static let templateContext = "TEMPLATE_CONTEXT_"

    private static let authenticators: [ForeignOption] = [
        .noted("CACHE_ENABLED", .flag, "what was found out about a token counts until it expires, or as `bearer` says"),
        .noted(
            "CACHE_EXPIRATION_MINUTES", usual: "5",
            "what was found out about a token counts until it expires, or as `bearer` says"),
        .becomes("IDTOKEN_AUTHN_ENABLED", .flag, "authService.bearer[].idTokens"),
        .becomes("KUBERNETES_AUTHN_ENABLED", .flag, "authService.bearer[].tokenReview"),
        .becomes("ACCESS_TOKEN_AUTHN_ENABLED", .flag, "authService.bearer"),
        .becomes("ACCESS_TOKEN_AUTHN", "authService.bearer[].userinfo"),
    ]
}
