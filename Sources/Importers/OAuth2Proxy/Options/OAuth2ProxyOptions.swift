/// Every option of oauth2-proxy 7.15, by the groups of its documentation.
package enum OAuth2ProxyOptions {
    package static let all: [ForeignOption] =
        commandLine + alphaOnly + provider + providerKinds + cookie + headers + logging + pages + probes + proxy + server
        + session + upstreams

    static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
    static let byFlag = Dictionary(all.map { ($0.flag, $0) }) { first, _ in first }

    /// The option that is meant by a flag or a variable, which may have the list's plural or not.
    static func named(_ spelling: String) -> ForeignOption? {
        let name = spelling.lowercased().replacing("-", with: "_")
        return byName[name] ?? byFlag[name.replacing("_", with: "-")] ?? byName[name + "s"]
    }

    /// What no file can have.
    package static let commandLine: [ForeignOption] = [
        .noted("config", "name that file here as well: `gatehouse import oauth2-proxy FILE FILE`"),
        .noted("alpha_config", "name that file here as well: `gatehouse import oauth2-proxy FILE FILE`"),
        .noted("config_test", .flag, "see `gatehouse config check`"),
        .noted("convert_config_to_alpha", .flag, "is no option of a running proxy"),
        .noted("version", .flag, "see `gatehouse version`"),
    ]

    /// What only the alpha configuration has, by names that the other forms could have for it.
    package static let alphaOnly: [ForeignOption] = [
        .becomes("login_url_parameters", .list, "authService.providers[].request.parameters"),
        .noted("additional_claims", .list, "all claims of the ID token and of userinfo can be told to applications"),
        .noted("metrics_tls_min_version", usual: "TLS1.2", "TLS 1.2 and 1.3 are spoken"),
        .noted("metrics_tls_cipher_suites", .list, "the cipher suites are those that TLS 1.2 and 1.3 still have for good"),
    ]

    private static let logging: [ForeignOption] = [
        .noted("auth_logging", .flag, usual: "true", "every sign-in and refusal has its line in the log"),
        .lost("auth_logging_format", "lines are JSON or text, see `log.format`"),
        .noted("errors_to_info_log", .flag, "all levels go to one place"),
        .noted(
            "exclude_logging_paths", .list, flag: "exclude-logging-path", "requests that pass have no line at the level `info`"),
        .lost("logging_filename", "the log goes to standard output"),
        .lost("logging_compress", .flag, "the log goes to standard output"),
        .lost("logging_local_time", .flag, usual: "true", "times in the log are UTC"),
        .lost("logging_max_age", usual: "7", "the log goes to standard output"),
        .lost("logging_max_backups", usual: "0", "the log goes to standard output"),
        .lost("logging_max_size", usual: "100", "the log goes to standard output"),
        .lost("request_id_header", usual: "X-Request-Id", "the request id that is logged is `x-request-id`"),
        .noted("request_logging", .flag, usual: "true", "the gateway logs requests"),
        .lost("request_logging_format", "the gateway logs requests"),
        .noted("silence_ping_logging", .flag, "probes have no line in the log"),
        .noted("standard_logging", .flag, usual: "true", "see `log.level`"),
        .lost("standard_logging_format", "lines are JSON or text, see `log.format`"),
    ]

    private static let pages: [ForeignOption] = [
        .lost("banner", "our pages are others, see `pages.theme`"),
        .lost("custom_sign_in_logo", "put it into a theme as logo.svg, see `pages.theme`"),
        .lost("custom_templates_dir", "our pages are others, see `pages.theme`"),
        .noted("display_htpasswd_form", .flag, usual: "true", "goes with `htpasswd_file`"),
        .lost("footer", "our pages are others, see `pages.theme`"),
        .noted("show_debug_on_error", .flag, "error pages show a reference that the log has, too"),
    ]

    private static let probes: [ForeignOption] = [
        .noted("ping_path", usual: "/ping", "probes ask for /livez at `listen.admin`"),
        .noted("ping_user_agent", "probes ask for /livez at `listen.admin`, whoever they are"),
        .noted("ready_path", usual: "/ready", "probes ask for /readyz at `listen.admin`"),
        .noted("gcp_healthchecks", .flag, "probes ask for /livez and /readyz at `listen.admin`"),
    ]

    private static let upstreams: [ForeignOption] = [
        .noted("flush_interval", usual: "1s", carriesNothing), .noted("pass_host_header", .flag, usual: "true", carriesNothing),
        .noted("proxy_websockets", .flag, usual: "true", carriesNothing),
        .noted("ssl_upstream_insecure_skip_verify", .flag, carriesNothing), .noted("disable_keep_alives", .flag, carriesNothing),
        .noted("upstream_timeout", usual: "30s", carriesNothing), .becomes("upstreams", .list, "the gateway's routes"),
    ]

    static let carriesNothing = "the gateway carries requests to applications: set it there"
}
