import JOSE
import Yams

/// `redis://user:password@host:port/database`, `rediss://` with TLS, or `unix:///path`.
struct RedisURL: Sendable {
    var isEncrypted = false
    var user: String?
    var password: Secret?
    /// Empty for a socket.
    var host = ""
    var port: Int?
    var socket: String?
    var database: Int?

    init() {}

    init(parsing text: String) throws(Complaint) {
        if text.hasPrefix("unix://") {
            let path = String(text.dropFirst("unix://".count))
            guard path.hasPrefix("/"), path.utf8.count <= 107 else {
                throw Complaint("this is no Unix socket's URL", "write it like `unix:///run/redis/redis.sock`")
            }
            socket = path
            return
        }
        guard let scheme = ["redis", "rediss"].first(where: { text.hasPrefix($0 + "://") }) else {
            throw Complaint("this is no URL of Redis", "begin it with `redis://`, `rediss://` (TLS) or `unix://`")
        }
        isEncrypted = scheme == "rediss"
        let parts = text.dropFirst(scheme.count + 3).split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        try readAuthority(parts.first ?? "")
        if parts.count == 2, !parts[1].isEmpty {
            guard let number = Int(parts[1]), (0...65535).contains(number) else {
                throw Complaint("what follows the host is no number of a database", "write it like `redis://host:6379/0`")
            }
            database = number
        }
    }

    private mutating func readAuthority(_ authority: Substring) throws(Complaint) {
        var place = authority
        if let at = authority.lastIndex(of: "@") {
            let account = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            place = authority[authority.index(after: at)...]
            user = try account.first.flatMap { $0.isEmpty ? nil : $0 }.map { part throws(Complaint) in try Self.decoded(part) }
            if account.count == 2 { password = Secret(utf8: try Self.decoded(account[1])) }
        }
        guard let (host, port) = HostName.parseWithPort(place), port != 0 else {
            throw Complaint("the URL has no host, with or without a port", "write it like `redis://host:6379/0`")
        }
        (self.host, self.port) = (host, port)
    }

    /// Without its percent escapes (RFC 3986 §2.1).
    private static func decoded(_ text: Substring) throws(Complaint) -> String {
        let refusal = Complaint("the URL's user or password has a `%` without two digits", "write `%25` for a percent sign")
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = String(rest.prefix(2)) ?? ""
            guard digits.utf8.count == 2, let value = UInt8(digits, radix: 16) else { throw refusal }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw refusal }
        return decoded
    }
}

extension Shape where Value == RedisURL {
    /// The URL itself, or (as it may hold a password) what a secret is.
    static func redisURL() -> Shape {
        let secret = Shape<Secret>.secret(.redisURL)
        return Shape(
            schema: secret.schema,
            read: { node, reading in
                guard case .scalar = node, let text = reading.text(node) else {
                    return secret.read(node, reading).flatMap { parse($0.text, node, reading) }
                }
                guard let url = parse(text, node, reading) else { return nil }
                if url.password != nil {
                    reading.mark(node, as: .secret(Secret(utf8: text)))
                    reading.warning(
                        "a password stands in the configuration itself", "write `password: { file: … }` or `{ env: … }`",
                        at: node)
                }
                return url
            }, show: { _ in nil })
    }

    private static func parse(_ text: String, _ node: Node, _ reading: Reading) -> RedisURL? {
        do throws(Complaint) { return try RedisURL(parsing: text) } catch {
            return reading.refuse(error.what, error.mend, node)
        }
    }
}

extension SecretKind {
    static let redisURL = SecretKind(name: "URL", least: 1, advised: 1, isPrivate: false)
    static let redisPassword = SecretKind(name: "Redis password", least: 1, advised: 16, isPrivate: false)
}
