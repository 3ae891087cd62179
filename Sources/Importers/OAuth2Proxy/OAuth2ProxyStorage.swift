import Manifests

/// `storage`: the same Redis, or a file. What is in it stays there.
enum OAuth2ProxyStorage {
    /// nil: nothing is said, and sessions are in cookies.
    static func read(_ options: ForeignValue) -> YAMLValue? {
        guard isRedis(options) else {
            options.report.say(
                .note, "session_store_type",
                "sessions stay in cookies; which have ended stands in `storage`: with several replicas that has to be `postgres` or `redis`"
            )
            return nil
        }
        let (urls, password) = servers(options)
        guard let first = urls.first else {
            options.take("session_store_type")?.say(.todo, "there is no URL of Redis: a file takes its place")
            return nil
        }
        let isSentinel = options.flag("redis_use_sentinel")
        let master = isSentinel ? options.text("redis_sentinel_master_name") ?? "mymaster" : ""
        let ca = options.take("redis_ca_path")
        if first.scheme != "rediss", let ca { ca.say(.lost, "the URL is not `rediss://`: nothing is verified") }
        let rest = urls.dropFirst().map(\.place)
        return entries(
            (
                "redis",
                entries(
                    ("url", .string(isSentinel ? "\(first.scheme)://\(master)" : first.text)),
                    (
                        "username",
                        (options.text("redis_username") ?? (first.scheme == "unix" ? first.user : nil)).map { .string($0) }
                    ),
                    ("password", options.secret("redis_password", file: "redis.password") ?? password),
                    ("sentinels", isSentinel ? .strings(urls.map(\.place)) : nil),
                    ("sentinelPassword", isSentinel ? options.secret("redis_sentinel_password", file: "sentinel.password") : nil),
                    ("cluster", options.flag("redis_use_cluster") && !rest.isEmpty ? .strings(rest) : nil),
                    ("rootCA", first.scheme == "rediss" ? ca?.text.map { .string($0) } : nil))
            ))
    }

    static func isRedis(_ options: ForeignValue) -> Bool {
        options.word("session_store_type", of: ["cookie", "redis"]) == "redis"
    }

    private static func servers(_ options: ForeignValue) -> ([RedisPlace], YAMLValue?) {
        let urls: [ForeignValue]?
        if options.flag("redis_use_sentinel") {
            urls = options.take("redis_sentinel_connection_urls")?.items
        } else if options.flag("redis_use_cluster") {
            urls = options.take("redis_cluster_connection_urls")?.items
        } else {
            urls = options.take("redis_connection_url").map { [$0] }
        }
        let places = urls?.compactMap { RedisPlace($0) } ?? []
        let needsPassword = options.text("redis_password") == nil
        let password = places.compactMap(\.password).first.flatMap { needsPassword ? $0 : nil }
        return (places, password.map { options.report.file("secrets/redis.password", Array($0.utf8)).asFile })
    }
}

/// A URL of Redis in its parts, so that no password stands in the configuration.
struct RedisPlace {
    let scheme: String
    let user: String?
    let password: String?
    /// `host:port`, or a socket's path.
    let place: String
    private let database: String

    /// Ours, by those that the programs take.
    private static let schemes = [
        "redis": "redis", "tcp": "redis", "redis+sentinel": "redis", "rediss": "rediss", "unix": "unix",
    ]

    /// nil for no text. Told of what has no place in a URL of ours.
    init?(_ value: ForeignValue) {
        guard let url = value.text else { return nil }
        self.init(url)
        if let end = url.firstRange(of: "://")?.lowerBound, Self.schemes[String(url[..<end])] == nil {
            value.say(.todo, "this is no URL of Redis: `\(scheme)://` stands there")
        }
        if url.contains("?") { value.say(.lost, "what follows `?` is left out: see `storage.redis`") }
    }

    private init(_ url: String) {
        let parts = url.split(separator: "://", maxSplits: 1)
        scheme = parts.count == 2 ? Self.schemes[String(parts[0])] ?? "redis" : "redis"
        let rest = (parts.last ?? "").prefix { $0 != "?" }
        guard scheme != "unix" else {
            let account = rest.prefix { $0 != "/" }
            let parts = account.dropLast(account.hasSuffix("@") ? 1 : 0).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = account.hasSuffix("@") ? parts.first.flatMap { $0.isEmpty ? nil : String($0) } : nil
            password = account.hasSuffix("@") && parts.count == 2 ? ForeignText.decoded(parts[1]) : nil
            place = String(account.hasSuffix("@") ? rest.dropFirst(account.count) : rest)
            database = ""
            return
        }
        let authority = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(authority.count)
        let account = authority.lastIndex(of: "@").map {
            authority[..<$0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        }
        user = account?.first.flatMap { $0.isEmpty ? nil : String($0) }
        password = account.flatMap { $0.count == 2 ? ForeignText.decoded($0[1]) : nil }
        place = String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
        database = path.count > 1 ? String(path) : ""
    }

    var text: String { text(scheme) }

    func text(_ scheme: String) -> String {
        "\(scheme)://" + (scheme == "unix" ? "" : user.map { $0 + "@" } ?? "") + place + database
    }
}
