package import JOSE

/// Where sessions, codes, tokens and keys are kept.
package enum StorageSettings: Sendable {
    /// One SQLite file; its folder is made by the store.
    case sqlite(path: String)
    /// A database that any number of replicas share.
    case postgres(PostgresSettings)
    /// A server, or servers, that any number of replicas share.
    case redis(RedisSettings)
    /// Nothing outlives the process.
    case memory
}

package struct PostgresSettings: Sendable {
    /// As libpq reads it; without a password.
    package var url: String
    package var password: Secret?
    package var rootCA: String?
    package var schema: String
    package var connections: Int
    /// Seconds.
    package var connectTimeout: Int64
    package var timeout: Int64
}

extension StorageSettings {
    /// The SQLite file, where there is one.
    package var path: String? {
        switch self {
        case .sqlite(let path): path
        case .postgres, .redis, .memory: nil
        }
    }
}
