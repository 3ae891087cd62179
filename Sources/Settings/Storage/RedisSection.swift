import JOSE
import Yams

/// `storage.redis`
enum RedisSection {
    static let url = Key.required(
        "url", .redisURL(), standIn: RedisURL(),
        "`redis://host:6379/0`, `rediss://` for TLS, or `unix:///path`; with `sentinels` the host is the master's name.")
    static let username = Key.optional("username", Shape<String>.text(), "Whom we are in Redis' access control list.")
    static let password = Key.optional("password", .secret(.redisPassword), "The password there.")
    static let sentinels = Key.defaulted(
        "sentinels", .list(of: .text()), [], "`host:port` of sentinels, which tell where the master is; port 26379.")
    static let sentinelUsername = Key.optional("sentinelUsername", Shape<String>.text(), "Whom we are at the sentinels.")
    static let sentinelPassword = Key.optional("sentinelPassword", .secret(.redisPassword), "The password there.")
    static let cluster = Key.defaulted(
        "cluster", .list(of: .text()), [], "`host:port` of a cluster's nodes beside the URL's; all keys are in one slot.")
    static let rootCA = Key.optional(
        "rootCA", .pem("a certificate"), "PEM: who signs the servers' certificates; the system's without it.")
    static let clientCert = Key.optional("clientCert", .pem("a certificate"), "PEM: our own certificate.")
    static let clientKey = Key.optional("clientKey", .secret(.privateKey), "PEM: its private key.")
    static let prefix = Key.defaulted(
        "prefix", .id(), "gatehouse", "What all keys begin with, in braces: another one for each who share a database.")
    static let timeout = Key.defaulted("timeout", .duration(atMost: 60), 2, "How long an answer may take.")

    static let section = Section(
        "redis",
        [
            url.listed, username.listed, password.listed, sentinels.listed, sentinelUsername.listed, sentinelPassword.listed,
            cluster.listed, rootCA.listed, clientCert.listed, clientKey.listed, prefix.listed, timeout.listed,
        ]
    ) { fields in
        let address = fields(url)
        check(address, fields)
        return RedisSettings(
            place: place(address, fields), isEncrypted: address.isEncrypted, database: address.database ?? 0,
            username: fields(username) ?? address.user, password: fields(password) ?? address.password,
            sentinelUsername: fields(sentinelUsername), sentinelPassword: fields(sentinelPassword), rootCA: fields(rootCA),
            clientCert: fields(clientCert), clientKey: fields(clientKey), prefix: fields(prefix),
            timeout: fields(timeout))
    }

    private static func place(_ url: RedisURL, _ fields: Fields) -> RedisSettings.Place {
        if let path = url.socket { return .socket(path: path) }
        let sentinels = nodes(sentinels, port: 26379, fields)
        if !sentinels.isEmpty { return .sentinels(sentinels, master: url.host) }
        let own = RedisNode(host: url.host, port: url.port ?? 6379)
        let others = nodes(cluster, port: 6379, fields)
        return others.isEmpty ? .server(host: own.host, port: own.port) : .cluster([own] + others)
    }

    private static func nodes(_ key: Key<[String]>, port: Int, _ fields: Fields) -> [RedisNode] {
        fields(key).compactMap { text in
            if let (host, given) = HostName.parseWithPort(text[...]), given != 0 {
                return RedisNode(host: host, port: given ?? port)
            }
            fields.reading.error(
                "\(quoted(text)) is not `host` or `host:port`", "write it like `redis-1.example.com:\(port)`",
                at: fields.given(key.name))
            return nil
        }
    }

    /// What only the keys together tell.
    private static func check(_ url: RedisURL, _ fields: Fields) {
        ProviderConnectionSection.requirePair(clientCert.name, clientKey.name, fields)
        if url.password != nil { refuse(password.name, "the URL has a password already", fields) }
        if !url.isEncrypted {
            for name in [rootCA.name, clientCert.name] { refuse(name, "the URL is not `rediss://`", fields) }
        }
        let several = [sentinels.name, cluster.name].filter { fields.given($0) != nil }
        if several.count == 2 { refuse(cluster.name, "`sentinels` are there, too", fields) }
        if url.socket != nil { for name in several { refuse(name, "the URL is a Unix socket's", fields) } }
        if several == [sentinels.name], url.port != nil {
            fields.reading.error(
                "the URL has a port, but `sentinels` tell where the master is",
                "write the master's name alone: `redis://mymaster`",
                at: fields.given(self.url.name))
        }
        if several == [cluster.name], url.database ?? 0 != 0 {
            fields.reading.error("a cluster has one database only", "leave the URL's out", at: fields.given(self.url.name))
        }
        warnOfClearText(url, fields)
    }

    private static func refuse(_ name: String, _ reason: String, _ fields: Fields) {
        guard let node = fields.given(name) else { return }
        fields.reading.error("`\(name)` is there, but \(reason)", "remove it, or change that", at: node)
    }

    private static func warnOfClearText(_ url: RedisURL, _ fields: Fields) {
        guard !url.isEncrypted, url.socket == nil, !url.host.isEmpty else { return }
        let isNear = fields.given(sentinels.name) == nil && HostName.isLoopback(url.host)
        guard !isNear else { return }
        fields.reading.warning(
            "sessions and keys go to Redis in clear text", "use `rediss://`, or a network that nobody else reads",
            at: fields.given(self.url.name))
    }
}
