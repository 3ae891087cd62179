import JOSE
import Yams

/// `storage.postgres`
enum PostgresSection {
    static let url = Key.required(
        "url", .postgresURL(), standIn: "", "Where it is, as libpq reads it: `postgres://user@host:5432/database`.")
    static let password = Key.optional("password", .secret(.databasePassword), "The user's password.")
    static let rootCA = Key.optional(
        "rootCA", .file(), "PEM: who signs the server's certificate. With it the certificate has to be good for the host.")
    static let schema = Key.defaulted(
        "schema", .schemaName(), "gatehouse", "The schema of the tables; made when it is not there.")
    static let connections = Key.defaulted(
        "connections", .count(1...200), 8, "How many each replica has at most, beside one that listens.")
    static let connectTimeout = Key.defaulted(
        "connectTimeout", .duration(atLeast: 2, atMost: 60), 2, "After which a host that does not answer is given up.")
    static let timeout = Key.defaulted(
        "timeout", .duration(atLeast: 1, atMost: 60), 3, "After which a call has failed, the wait for its turn included.")

    static let section = Section(
        "postgres",
        [
            url.listed, password.listed, rootCA.listed, schema.listed, connections.listed, connectTimeout.listed, timeout.listed,
        ]
    ) { fields in
        let settings = PostgresSettings(
            url: fields(url), password: fields(password), rootCA: fields(rootCA), schema: fields(schema),
            connections: fields(connections), connectTimeout: fields(connectTimeout), timeout: fields(timeout))
        warnOfForgery(settings, fields)
        return settings
    }

    /// libpq's own default takes any server for the right one.
    private static func warnOfForgery(_ settings: PostgresSettings, _ fields: Fields) {
        let modes = PostgresURL.parameters(settings.url).filter { $0.name == "sslmode" }.map(\.value)
        let isVerified = modes.last.map { $0.hasPrefix("verify-") } ?? (settings.rootCA != nil)
        guard !isVerified, !PostgresURL.isOnThisMachine(settings.url), fields.given(url.name) != nil else { return }
        fields.reading.warning(
            "whoever is in the way to the database can pass for it", "add `rootCA: file`", at: fields.given(url.name))
    }
}

/// What can be said of a URL of libpq (Postgres' documentation, "Connection URIs") without connecting.
enum PostgresURL {
    static let schemes = ["postgres://", "postgresql://"]

    /// What stands behind the `?`, as it is written.
    static func parameters(_ url: String) -> [(name: String, value: String)] {
        guard let query = url.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first else {
            return []
        }
        return query.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    /// Between the scheme and the path.
    static func authority(_ url: String) -> Substring {
        let scheme = schemes.first { url.hasPrefix($0) } ?? ""
        return url.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" }
    }

    /// Whether all hosts are loopback addresses or Unix sockets.
    static func isOnThisMachine(_ url: String) -> Bool {
        let own = authority(url).split(separator: "@").last ?? ""
        let hosts =
            own.split(separator: ",") + parameters(url).filter { $0.name == "host" }.flatMap { $0.value.split(separator: ",") }
        return hosts.allSatisfy { host in
            if host.hasPrefix("/") || host.lowercased().hasPrefix("%2f") || host.hasPrefix(":") { return true }
            return HostName.parseWithPort(host).map { HostName.isLoopback($0.host) } ?? false
        }
    }
}

extension Shape where Value == String {
    /// Checked as far as mistakes would show late, or a password would stand in the open.
    static func postgresURL() -> Shape {
        .scalar(.object([("type", .text("string")), ("pattern", .text("^postgres(ql)?://"))]), show: { .text($0) }) {
            text throws(Complaint) in
            guard PostgresURL.schemes.contains(where: { text.hasPrefix($0) }) else {
                throw Complaint("this is not a URL of Postgres", "begin it with `postgres://`")
            }
            let parameters = PostgresURL.parameters(text)
            let user = PostgresURL.authority(text).split(separator: "@").dropLast().last ?? ""
            guard !user.contains(":"), !parameters.contains(where: { $0.name == "password" }) else {
                throw Complaint("the URL holds a password", "move it to `password: { file: … }`")
            }
            guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw Complaint("the URL has characters that no URL has", "percent-encode them")
            }
            for (name, value) in parameters where ["sslrootcert", "sslcert", "sslkey"].contains(name) {
                guard value.hasPrefix("/") || value.lowercased().hasPrefix("%2f") else {
                    throw Complaint("\(quoted(value)) in the URL is not an absolute path", "write it from `/` on")
                }
            }
            return text
        }
    }

    static func schemaName() -> Shape {
        token("a schema", "small letters, digits and `_`", atMost: 63) { byte in
            isAlphanumeric(byte) && byte | 0x20 == byte || byte == UInt8(ascii: "_")
        }
    }
}
