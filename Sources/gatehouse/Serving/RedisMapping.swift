import AuthService
import Settings
import Storage

extension RedisConfiguration {
    init(_ settings: RedisSettings) throws(StoreFailure) {
        var tls: RedisTLS?
        if settings.isEncrypted {
            do throws(RedisTLS.Unusable) {
                tls = try RedisTLS(
                    authorities: settings.rootCA, certificate: settings.clientCert, key: settings.clientKey)
            } catch {
                throw StoreFailure(detail: error.reason)
            }
        }
        self.init(
            place: Place(settings.place), account: RedisAccount(user: settings.username, password: settings.password),
            sentinelAccount: RedisAccount(user: settings.sentinelUsername, password: settings.sentinelPassword), tls: tls,
            database: settings.database, prefix: settings.prefix, timeout: settings.timeout * 1000)
    }
}

extension RedisConfiguration.Place {
    init(_ place: RedisSettings.Place) {
        func addresses(_ nodes: [RedisNode]) -> [RedisAddress] { nodes.map { .tcp(host: $0.host, port: $0.port) } }
        self =
            switch place {
            case .server(let host, let port): .server(.tcp(host: host, port: port))
            case .socket(let path): .server(.unix(path: path))
            case .sentinels(let nodes, let master): .sentinels(addresses(nodes), master: master)
            case .cluster(let nodes): .cluster(addresses(nodes))
            }
    }
}
