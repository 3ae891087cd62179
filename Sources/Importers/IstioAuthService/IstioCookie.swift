import Manifests
import Settings

/// The session's cookie, and how long the session lasts: those of the first filter, since there is one session here.
enum IstioCookie {
    static func read(_ filters: [IstioFilter], _ gateway: IstioGateway, _ report: ImportReport) -> YAMLValue {
        for filter in filters {
            filter.take("logout")?.leaveRest(IstioAuthServiceOptions.logout)
            same("cookie_name_prefix", filter, filters)
        }
        let attributes = filters.first?.take("cookie_attributes")
        for filter in filters { filter.take("cookie_attributes")?.leaveRest(known, but: ["same_site", "domain"]) }
        let prefix = filters.first?.text("cookie_name_prefix").map(ForeignText.fileName)
        return entries(
            ("name", prefix.map { .string("\($0)-authservice") }), ("domain", domain(attributes, gateway)),
            ("sameSite", sameSite(attributes, gateway)))
    }

    private static let known = IstioAuthServiceOptions.cookie

    private static func same(_ key: String, _ filter: IstioFilter, _ filters: [IstioFilter]) {
        guard let value = filter.take(key), value.text != filters.first?.text(key) else { return }
        value.say(.lost, "there is one session for all: the first chain's counts")
    }

    private static func sameSite(_ attributes: ForeignValue?, _ gateway: IstioGateway) -> YAMLValue? {
        let names = ["SAME_SITE_LAX": "lax", "SAME_SITE_STRICT": "strict", "SAME_SITE_NONE": "none"]
        guard let given = attributes?.take("same_site"), let text = given.text, text != "SAME_SITE_UNSPECIFIED" else {
            return nil
        }
        guard let name = names[text] else {
            given.say(.lost, "there is no such value")
            return nil
        }
        if name == "none", !gateway.publicURLs.allSatisfy({ $0.hasPrefix("https://") }) {
            given.say(.lost, "cookies of all sites need https")
            return nil
        }
        return .string(name)
    }

    private static func domain(_ attributes: ForeignValue?, _ gateway: IstioGateway) -> YAMLValue? {
        guard let given = attributes?.take("domain"), let domain = given.text, !domain.isEmpty else { return nil }
        let hosts = gateway.publicURLs.map { String($0.split(separator: "/").last?.split(separator: ":").first ?? "") }
        if hosts.allSatisfy({ $0 == domain || $0.hasSuffix("." + domain) }) { return .string(domain) }
        given.say(.lost, "not all public hosts are in this domain")
        return nil
    }

    private static let year: Int64 = 366 * 86_400

    static func session(_ filters: [IstioFilter], _ report: ImportReport) -> YAMLValue {
        for filter in filters {
            for key in ["absolute_session_timeout", "idle_session_timeout"] { same(key, filter, filters) }
        }
        let (lifetime, idle) = (seconds("absolute_session_timeout", filters), seconds("idle_session_timeout", filters))
        if lifetime == nil {
            report.say(
                .note, "absolute_session_timeout", "a session never ends there; here it does after 7 days: see `session.lifetime`"
            )
        }
        let whole = lifetime ?? 7 * 86_400
        let bounded = min(idle ?? whole, whole)
        return entries(
            ("idle", .string(Configuration.durationText(bounded))), ("lifetime", .string(Configuration.durationText(whole))))
    }

    /// nil for none and for 0, which is no limit.
    private static func seconds(_ key: String, _ filters: [IstioFilter]) -> Int64? {
        guard let given = filters.first?.take(key), let seconds = given.seconds, seconds != 0 else { return nil }
        guard seconds > 0 else {
            given.say(.lost, "`\(seconds)` is no number of seconds")
            return nil
        }
        return given.nearest(seconds, in: 60...year)
    }
}

extension ForeignValue {
    /// As `leaveRest`, while some keys are still to be asked for.
    fileprivate func leaveRest(_ table: [ForeignOption], but later: [String]) {
        for key in later { _ = take(key) }
        leaveRest(table)
    }
}

/// `storage`: the same Redis, or a file.
enum IstioStorage {
    static func read(_ filters: [IstioFilter], _ report: ImportReport) -> YAMLValue {
        let all = filters.compactMap { $0.take("redis_session_store_config") }
        guard let redis = all.first else {
            report.say(
                .note, "redis_session_store_config", "sessions were in memory there; here they are in the file gatehouse.db")
            return entries(("sqlite", entries(("path", "gatehouse.db"))))
        }
        for other in all.dropFirst() where other.text("server_uri") != redis.text("server_uri") {
            other.say(.lost, "there is one storage for all: the first chain's counts")
        }
        return entries(("redis", server(redis)))
    }

    private static func server(_ redis: ForeignValue) -> YAMLValue {
        let uri = redis.text("server_uri") ?? ""
        let tls = redis.take("tls_config")
        let place = redis.take("server_uri").flatMap { RedisPlace($0) }
        let scheme = tls == nil ? place?.scheme ?? "redis" : "rediss"
        let isSentinel = uri.hasPrefix("redis+sentinel://")
        let master = isSentinel ? uri.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? "mymaster" : ""
        let password =
            redis.secret("password", file: "redis.password") ?? redis.text("password_file").map { YAMLValue.string($0).asFile }
            ?? place?.password.map { redis.report.file("secrets/redis.password", Array($0.utf8)).asFile }
        defer {
            redis.leaveRest(IstioAuthServiceOptions.redis)
            tls?.leaveRest(IstioAuthServiceOptions.tls)
        }
        return entries(
            ("url", .string(isSentinel ? "\(scheme)://\(master)" : place?.text(scheme) ?? "\(scheme)://")),
            ("username", redis.text("username").map { .string($0) }), ("password", password),
            ("sentinels", isSentinel ? .strings(place?.place.split(separator: ",").map(String.init) ?? []) : nil),
            ("rootCA", tls.flatMap { pem($0, "trusted_ca", "redis-ca.pem", "certificates") }),
            ("clientCert", tls.flatMap { pem($0, "client_cert", "redis-client.pem", "certificates") }),
            ("clientKey", tls.flatMap { pem($0, "client_key", "redis-client.key", "secrets") }?.asFile))
    }

    private static func pem(_ tls: ForeignValue, _ key: String, _ name: String, _ folder: String) -> YAMLValue? {
        if let file = tls.text(key + "_file") { return .string(file) }
        return tls.text(key + "_pem").map { tls.report.file("\(folder)/\(name)", Array($0.utf8)) }
    }
}
