/// Where sessions, codes, tokens and keys are kept.
package enum StorageSettings: Sendable, Equatable {
    /// One SQLite file; its folder is made by the store.
    case sqlite(path: String)
    /// Nothing outlives the process.
    case memory
}
