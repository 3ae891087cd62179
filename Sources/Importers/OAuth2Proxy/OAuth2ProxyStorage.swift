import Foundation
import Manifests

/// `storage`: the same Redis, or a file. What is in it stays there.
enum OAuth2ProxyStorage {
    /// nil: nothing is said, and sessions are in cookies.
    static func read(_ options: ForeignValue) -> YAMLValue? {
        guard options.text("session_store_type") == "redis" else {
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

    private static func servers(_ options: ForeignValue) -> ([RedisPlace], YAMLValue?) {
        let texts: [String]
        if options.flag("redis_use_sentinel") {
            texts = options.texts("redis_sentinel_connection_urls")
        } else if options.flag("redis_use_cluster") {
            texts = options.texts("redis_cluster_connection_urls")
        } else {
            texts = [options.text("redis_connection_url")].compactMap { $0 }
        }
        let places = texts.map { RedisPlace($0) }
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

    init(_ url: String) {
        let parts = url.split(separator: "://", maxSplits: 1)
        let known = ["rediss": "rediss", "unix": "unix"]
        scheme = parts.count == 2 ? known[String(parts[0])] ?? "redis" : "redis"
        let rest = parts.last ?? ""
        guard scheme != "unix" else {
            let account = rest.prefix { $0 != "/" && $0 != "?" }
            let parts = account.dropLast(account.hasSuffix("@") ? 1 : 0).split(
                separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            user = account.hasSuffix("@") ? parts.first.flatMap { $0.isEmpty ? nil : String($0) } : nil
            password = account.hasSuffix("@") && parts.count == 2 ? parts[1].removingPercentEncoding ?? String(parts[1]) : nil
            place = String(account.hasSuffix("@") ? rest.dropFirst(account.count) : rest)
            database = ""
            return
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count).prefix { $0 != "?" }
        let account = authority.lastIndex(of: "@").map {
            authority[..<$0].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        }
        user = account?.first.flatMap { $0.isEmpty ? nil : String($0) }
        password = account.flatMap { $0.count == 2 ? String($0[1]).removingPercentEncoding ?? String($0[1]) : nil }
        place = String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
        database = path.count > 1 ? String(path) : ""
    }

    var text: String { text(scheme) }

    func text(_ scheme: String) -> String {
        "\(scheme)://" + (scheme == "unix" ? "" : user.map { $0 + "@" } ?? "") + place + database
    }
}
