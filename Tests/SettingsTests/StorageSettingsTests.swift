import JOSE
import Settings
import Testing

/// `storage.postgres`
@Suite struct StorageSettingsTests {
    private static func with(_ postgres: String) -> String { Fixture.service + "storage: { postgres: { \(postgres) } }\n" }

    private struct Missing: Error {}

    private static func read(_ postgres: String) throws -> PostgresSettings {
        guard case .postgres(let settings) = try Fixture.read(with(postgres)).configuration.storage else { throw Missing() }
        return settings
    }

    @Test func withoutMoreThereAreDefaults() throws {
        let settings = try Self.read("url: postgres://gatehouse@localhost/gatehouse")
        #expect(settings.url == "postgres://gatehouse@localhost/gatehouse" && settings.password == nil && settings.rootCA == nil)
        #expect(settings.schema == "gatehouse" && settings.connections == 8)
        #expect(settings.connectTimeout == 2 && settings.timeout == 3)
    }

    @Test func everyOptionIsRead() throws {
        let settings = try Self.read(
            """
            url: "postgresql://u@a:5432,b:5433/x?sslmode=verify-ca", password: { file: client.secret }, rootCA: ca.crt,
                schema: auth_2, connections: 30, connectTimeout: 5s, timeout: 1s
            """)
        #expect(settings.password?.bytes.count == 32 && settings.rootCA == "/etc/gatehouse/ca.crt")
        #expect(settings.schema == "auth_2" && settings.connections == 30)
        #expect(settings.connectTimeout == 5 && settings.timeout == 1)
    }

    @Test(arguments: [
        ("password: { file: client.secret }", "`url` is missing"),
        ("url: mysql://a/b", "this is not a URL of Postgres; begin it with `postgres://`"),
        ("url: \"postgres://u:secret@a/b\"", "the URL holds a password; move it to `password: { file: … }`"),
        ("url: \"postgres://u@a/b?password=secret\"", "the URL holds a password"),
        ("url: \"postgres://u@a/b c\"", "the URL has characters that no URL has"),
        ("url: \"postgres://u@a/b?sslrootcert=ca.crt\"", "`ca.crt` in the URL is not an absolute path"),
        ("url: postgres://a/b, schema: Public", "`Public` is not a schema"),
        ("url: postgres://a/b, connections: 0", "write a whole number from 1 to 200"),
        ("url: postgres://a/b, connectTimeout: 1s", "`1s` is too short; write at least `2s`"),
        ("url: postgres://a/b, timeout: 61s", "`61s` is too long"),
        ("url: postgres://a/b, poolSize: 3", "unknown key `poolSize` in `postgres`"),
    ])
    func refuses(_ postgres: String, _ says: String) {
        let errors = Fixture.errors(Self.with(postgres))
        #expect(errors.contains { $0.contains(says) }, "\(errors)")
        #expect(!errors.contains { $0.contains("secret@") || $0.contains("=secret") }, "a password is nowhere shown")
    }

    @Test(arguments: [
        ("url: postgres://u@db.example.com/x", true), ("url: \"postgres://u@db.example.com/x?sslmode=require\"", true),
        ("url: \"postgres://u@127.0.0.1:5432,db/x\"", true), ("url: \"postgres:///x?host=db.example.com\"", true),
        ("url: postgres://u@db.example.com/x, rootCA: ca.crt", false),
        ("url: \"postgres://u@db.example.com/x?sslmode=verify-full\"", false), ("url: postgres://u@localhost/x", false),
        ("url: \"postgres://u@[::1]:5432/x\"", false), ("url: \"postgres:///x?host=/run/postgresql\"", false),
        ("url: \"postgres://u@%2Frun%2Fpostgresql/x\"", false),
    ])
    func warnsWhereAnybodyCanPassForTheDatabase(_ postgres: String, _ warns: Bool) throws {
        let warnings = try Fixture.warnings(Self.with(postgres))
        #expect(warnings.contains { $0.contains("can pass for it") } == warns, "\(warnings)")
    }
}
