package import JOSE

/// How a Redis or Valkey server is reached.
package struct RedisSettings: Sendable {
    package enum Place: Sendable, Equatable {
        case server(host: String, port: Int)
        case socket(path: String)
        /// `host:port` each.
        case sentinels([RedisNode], master: String)
        case cluster([RedisNode])
    }

    package var place: Place
    package var isEncrypted: Bool
    package var database: Int
    package var username: String?
    package var password: Secret?
    package var sentinelUsername: String?
    package var sentinelPassword: Secret?
    /// PEM; nil: the system's.
    package var rootCA: [UInt8]?
    /// PEM: our own.
    package var clientCert: [UInt8]?
    package var clientKey: Secret?
    package var prefix: String
    /// Seconds that an answer may take.
    package var timeout: Int64
}

/// Where one of several servers is.
package struct RedisNode: Sendable, Equatable {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
