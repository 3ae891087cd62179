/// `storage`
enum StorageSection {
    static let path = Key.required("path", .file(), standIn: "", "The database file, from this file's folder.")
    static let sqlite = Key.optional(
        "sqlite", Section("sqlite", [path.listed]) { fields in fields(path) }.shape, "One SQLite file: for one replica.")
    static let postgres = Key.optional(
        "postgres", PostgresSection.section.shape, "A Postgres database, which any number of replicas share.")
    static let redis = Key.optional("redis", RedisSection.section.shape, "Redis or Valkey, which any number of replicas share.")
    static let memory = Key.optional(
        "memory", Section("memory", []) { _ in true }.shape, "Nothing outlives the process: for tests.")

    static let secrets = Key.defaulted(
        "secrets", .list(of: .secret(.keySecret)), [],
        "What has to be read back (private keys, upstreams' tokens, keys of second factors) is sealed under the first; all of them open."
    )
    static let keySecrets = Key.defaulted(
        "keySecrets", .list(of: .secret(.keySecret)), [],
        "The same for signing keys alone, as the version before has it; in clear without any.")

    static let startTimeout = Key.defaulted(
        "startTimeout", .duration(atLeast: 1, atMost: 3600), 60,
        "How long a start waits for a Postgres or a Redis that does not answer yet.")

    static let section = Section(
        "storage",
        [
            sqlite.listed, postgres.listed, redis.listed, memory.listed, secrets.listed, keySecrets.listed, startTimeout.listed,
        ]
    ) { fields in
        (
            storage: settings(fields), secrets: fields(secrets), keySecrets: fields(keySecrets),
            startTimeout: fields(startTimeout)
        )
    }

    private static func settings(_ fields: Fields) -> StorageSettings {
        var named: [StorageSettings] = []
        if let path = fields(sqlite) { named.append(.sqlite(path: path)) }
        if let settings = fields(postgres) { named.append(.postgres(settings)) }
        if let settings = fields(redis) { named.append(.redis(settings)) }
        if fields(memory) != nil { named.append(.memory) }
        if named.count > 1 {
            fields.reading.error("`storage` names more than one store", "keep one of them", at: fields.node)
        }
        return named.first ?? .sqlite(path: fields.reading.path(of: "gatehouse.db"))
    }
}
