import JOSE
import Settings
import Testing

/// What is secret in a file, and what names files, is marked, however it is written there.
@Suite struct ConfigurationTreeTests {
    private static let digest = String(repeating: "0", count: 64)

    private static let text = """
        storage: { redis: { url: "redis://gatehouse:of-redis@db:6379/0" } }
        \(Fixture.service)  cookie: { domain: null }
        provider:
          issuer: https://apps.example.com/dex
          clients:
            - { id: app, secret: written-in-the-file, redirectURIs: [https://app.example.com/cb] }
            - { id: two, secretHashes: ["sha256:\(digest)"], redirectURIs: [https://two.example.com/cb] }
          users: [{ email: admin@example.com, hash: \(Fixture.hash) }]

        """

    @Test(arguments: [
        ("storage.redis.url", "redis://gatehouse:of-redis@db:6379/0"),
        ("provider.clients.0.secret", "written-in-the-file"),
        ("provider.clients.1.secretHashes.0", "sha256:\(digest)"),
        ("provider.users.0.hash", Fixture.hash),
    ])
    func secretsAreMarked(_ way: String, _ value: String) throws {
        let found = try at(way)
        guard case .secret(let secret) = found else {
            Issue.record("\(way) is not marked")
            return
        }
        #expect(secret.text == value)
    }

    @Test func filesAreNamedAsTheyWereRead() throws {
        let found = try at("authService.secrets.0.file")
        guard case .file(let path) = found else {
            Issue.record("the file is not marked")
            return
        }
        #expect(path == "/etc/gatehouse/cookie.key")
    }

    @Test func variablesAreListed() throws {
        let loaded = try Fixture.read(Self.text)
        #expect(loaded.variables.keys.sorted() == ["CORP_SECRET"])
    }

    @Test func nothingIsLeftOutWithItsKey() throws {
        let found = try at("authService.cookie")
        guard case .map(let pairs) = found else {
            Issue.record("there is no mapping")
            return
        }
        #expect(pairs.isEmpty)
    }

    private func at(_ way: String) throws -> ConfigurationTree? {
        let loaded = try Fixture.read(Self.text)
        return way.split(separator: ".").reduce(loaded.tree as ConfigurationTree?) { tree, step in
            switch tree {
            case .map(let pairs): pairs.first { $0.key == step }?.value
            case .list(let items): Int(step).flatMap { items.indices.contains($0) ? items[$0] : nil }
            case .text, .plain, .secret, .file, .folder, nil: nil
            }
        }
    }
}
