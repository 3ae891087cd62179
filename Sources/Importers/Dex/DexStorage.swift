import Manifests
import Web

/// `storage`: the place, where ours can be in the same; never what is in it.
enum DexStorage {
    static func read(_ dex: ForeignValue) -> YAMLValue {
        guard let storage = dex.take("storage") else { return sqlite }
        let type = storage.text("type") ?? ""
        let config = storage.take("config") ?? .nothing("storage.config", dex.report)
        storage.say(
            .note, "what Dex has stored stays there: people sign in again, and clients with refresh tokens have to get new ones")
        storage.leaveRest()
        switch type {
        case "memory": return entries(("memory", entries()))
        case "postgres": return postgres(config)
        case "sqlite3":
            config.leave("file", .note, "a file of ours takes its place: \(path)")
        case "kubernetes":
            config.leave("inCluster", .note, "no API server is needed here")
            config.leave("kubeConfigFile", .note, "no API server is needed here")
            storage.say(.todo, "give the file \(path) a volume that stays, or use `postgres` or `redis` with several replicas")
        default:
            storage.say(.todo, "`\(type)` is not among our storages: a file takes its place; see `postgres` and `redis`")
            return sqlite
        }
        config.leaveRest()
        return sqlite
    }

    private static let path = "gatehouse.db"
    private static let sqlite = entries(("sqlite", entries(("path", .string(path)))))

    private static func postgres(_ config: ForeignValue) -> YAMLValue {
        let password = config.secret("password", file: "postgres.password")
        let ssl = config.take("ssl")
        let mode = ssl?.text("mode")
        let rootCA = ssl?.text("caFile")
        let user = config.text("user").map { PercentEncoding.encode($0) + "@" } ?? ""
        let authority = user + (config.text("host") ?? "localhost")
        let port = config.text("port").map { ":\($0)" } ?? ""
        // A root of its own is believed with its host's name only, whatever the mode.
        let query = rootCA == nil ? mode.map { "?sslmode=\(PercentEncoding.encode($0))" } ?? "" : ""
        let database = PercentEncoding.encode(config.text("database") ?? "dex")
        let url = "postgres://\(authority)\(port)/\(database)\(query)"
        ssl?.leave("keyFile", "certificates of ours are not shown to the database")
        ssl?.leave("certFile", "certificates of ours are not shown to the database")
        ssl?.leaveRest()
        for key in ["connectionTimeout", "maxOpenConns", "maxIdleConns", "connMaxLifetime"] {
            config.leave(key, .note, "see `connectTimeout`, `timeout` and `connections`")
        }
        config.leaveRest()
        return entries(
            ("postgres", entries(("url", .string(url)), ("password", password), ("rootCA", rootCA.map { .string($0) }))))
    }
}
