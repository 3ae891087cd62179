import Settings

/// The Postgres of a compose file, as the configuration's URL names it: `postgres://USER@HOST:5432/DATABASE`.
struct ComposeDatabase: Sendable {
    /// The service's name is the URL's host.
    var host: String
    var user: String
    var name: String
    /// Where Gatehouse's container has the file with its password.
    var password: String

    /// - Throws: `notWithThisGateway` for any other storage than a Postgres that can be this service.
    init(_ storage: StorageSettings, passwordIn files: [(way: [String], path: String)], _ folder: ComposeFolder)
        throws(EnvoyManifestProblem)
    {
        guard case .postgres(let settings) = storage, let url = Self.parts(settings.url) else {
            throw .notWithThisGateway(
                what: "`storage` names no Postgres that could be a service here",
                mend: "write `postgres: { url: postgres://gatehouse@database:5432/gatehouse, password: { file: … } }`")
        }
        guard let file = files.first(where: { $0.way == ["storage", "postgres", "password", "file"] }) else {
            throw .notWithThisGateway(
                what: "the database's password is in no file, where its container could read it",
                mend: "write `password: { file: … }`")
        }
        (user, host, name) = url
        password = try folder.mount(file.path).target
    }

    /// Names of plain letters, digits and `_`, the host also with `-`; its port is 5432, or not given.
    private static func parts(_ url: String) -> (user: String, host: String, name: String)? {
        guard let match = url.wholeMatch(of: /postgres(?:ql)?:\/\/([a-z0-9_]+)@([a-z0-9-]+)(?::5432)?\/([a-z0-9_]+)(?:\?.*)?/),
            ![ComposeManifest.host, "envoy"].contains(String(match.2))
        else { return nil }
        return (String(match.1), String(match.2), String(match.3))
    }
}
