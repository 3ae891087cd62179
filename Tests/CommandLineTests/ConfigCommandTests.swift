import Foundation
import TestSupport
import Testing

@Suite struct ConfigCommandTests {
    private static let key = String(repeating: "0123456789abcdef", count: 4) + "\n"

    private static func service(_ more: String) -> String {
        """
        authService:
          publicURL: https://apps.example.com
          secrets: [{ file: cookie.key }]
          providers: [{ id: corp, issuer: https://sso.example.com, clientID: x, tokenEndpointAuth: none }]
        \(more)

        """
    }

    @Test func theExamplePasses() async throws {
        let example = try await GatehouseProgram.run(["config", "example"]).output
        let files = ["gatehouse.yaml": example, "cookie.key": Self.key, "client.secret": Self.key]
        let outcome = try await GatehouseProgram.withFolder(files) { folder in
            try await GatehouseProgram.run(["config", "check", "gatehouse.yaml"], in: folder)
        }
        #expect(outcome.status == 0)
        #expect(outcome.output == "gatehouse.yaml: ok\n")
        #expect(outcome.errors == "")
    }

    @Test(arguments: [
        ("liste: {}", "5:1: unknown key `liste`"), ("log: []", "5:6: `log` is a mapping"),
        ("  cookie: { domain: com }", "5:21: the cookie domain `com` is a public suffix"),
        ("provider: { issuer: http://sso.example.com }", "5:21: the issuer `http://sso.example.com` is http"),
        (
            "provider: { issuer: https://s.example.com, clients: [{ id: a, public: true, redirectURIs: [\"https://*.a.com\"] }] }",
            "5:92: the redirect URI `https://*.a.com` has a wildcard"
        ),
        (
            "provider: { issuer: https://s.example.com, clients: [{ id: a, public: true }, { id: a, public: true }] }",
            "5:85: the client id `a` is there already"
        ),
    ]) func aBadFileEndsWith78(line: String, says: String) async throws {
        let files = ["g.yaml": Self.service(line), "cookie.key": Self.key]
        let outcome = try await GatehouseProgram.withFolder(files) { folder in
            try await GatehouseProgram.run(["config", "check", "g.yaml"], in: folder)
        }
        #expect(outcome.status == 78)
        #expect(outcome.errors.hasPrefix("g.yaml:" + says))
        #expect(outcome.output == "")
    }

    @Test func aShortCookieKeyEndsWith78() async throws {
        let outcome = try await GatehouseProgram.withFolder(["g.yaml": Self.service(""), "cookie.key": "short\n"]) { folder in
            try await GatehouseProgram.run(["config", "check", "g.yaml"], in: folder)
        }
        #expect(outcome.status == 78)
        #expect(outcome.errors.hasPrefix("g.yaml:3:13: the cookie key has 5 bytes"))
    }

    @Test func aMissingFileIsNamed() async throws {
        let outcome = try await GatehouseProgram.run(["config", "check", "/nonexistent/g.yaml"])
        #expect(outcome.status == 78)
        #expect(outcome.errors.hasPrefix("/nonexistent/g.yaml: the configuration cannot be read"))
    }

    @Test func theSchemaIsJSON() async throws {
        let schema = try await GatehouseProgram.run(["config", "schema"]).output
        #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(schema.utf8)) }
    }

    @Test(arguments: [["nonsense"], ["config", "check"], ["version", "--nonsense"], ["config", "nonsense"]])
    func aWrongCommandLineEndsWith2(_ arguments: [String]) async throws {
        let outcome = try await GatehouseProgram.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("Usage: gatehouse"))
    }

    @Test(arguments: [["version"], ["version", "--json"], ["--help"]]) func theRestEndsWith0(_ arguments: [String]) async throws {
        #expect(try await GatehouseProgram.run(arguments).status == 0)
    }
}
