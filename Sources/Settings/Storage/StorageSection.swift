/// `storage`
enum StorageSection {
    static let path = Key.required("path", .file(), standIn: "", "The database file, from this file's folder.")
    static let sqlite = Key.optional(
        "sqlite", Section("sqlite", [path.listed]) { fields in fields(path) }.shape, "One SQLite file: for one replica.")
    static let memory = Key.optional(
        "memory", Section("memory", []) { _ in true }.shape, "Nothing outlives the process: for tests.")

    static let keySecrets = Key.defaulted(
        "keySecrets", .list(of: .secret(.keySecret)), [],
        "Signing keys are stored encrypted under the first; all of them decrypt. In clear without any.")

    static let section = Section(
        "storage", [sqlite.listed, memory.listed, keySecrets.listed, .notYet("redis"), .notYet("postgres")]
    ) { fields in (settings(fields), fields(keySecrets)) }

    private static func settings(_ fields: Fields) -> StorageSettings {
        switch (fields(sqlite), fields(memory)) {
        case (let path?, nil): return .sqlite(path: path)
        case (nil, _?): return .memory
        case (nil, nil): return .sqlite(path: fields.reading.path(of: "gatehouse.db"))
        case (_?, _?):
            fields.reading.error("`storage` names two stores", "keep one of `sqlite` and `memory`", at: fields.node)
            return .memory
        }
    }
}
