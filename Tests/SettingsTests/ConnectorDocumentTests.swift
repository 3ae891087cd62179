import JOSE
import Settings
import Testing

struct ConnectorDocumentTests {
    private static let provider = """
        provider:
          issuer: https://sso.example.com/dex
          clients: [{ id: cli, public: true, redirectURIs: ["http://127.0.0.1/callback"] }]
          connectors: [{ id: fixed, type: github, name: GitHub, github: { clientID: x, clientSecret: { env: CORP_SECRET } } }]
        """

    private static func read(_ json: String, id: String = "corp") throws -> ConnectorDocument {
        let settings = try #require(try Fixture.read(provider).configuration.provider)
        let members = try #require(try JSONReader.read(json.utf8).object)
        return try ConnectorDocument(members, id: id, of: settings)
    }

    private static func problems(_ json: String, id: String = "corp") -> String {
        do {
            _ = try read(json, id: id)
            return ""
        } catch { return (error as? ConnectorDocument.Refusal)?.problems.joined(separator: "\n") ?? "\(error)" }
    }

    private static let oidc = #"{"issuer": "https://login.example.com", "clientID": "x", "clientSecret": "s3cret-of-16-bytes"}"#

    @Test func itSaysWhatAnEntryOfTheConfigurationSays() throws {
        let document = try Self.read(#"{"type": "oidc", "name": "Company", "mfa": "required", "oidc": \#(Self.oidc)}"#)
        #expect(document.settings.id == "corp" && document.settings.name == "Company" && document.settings.mfa == .required)
        #expect(document.settings.kind.client?.clientSecret?.text == "s3cret-of-16-bytes")
        #expect(document.warnings.isEmpty)
        #expect(
            JSONValue.object(document.withoutSecrets) == [
                "type": "oidc", "name": "Company", "mfa": "required",
                "oidc": ["issuer": "https://login.example.com", "clientID": "x"],
            ])
    }

    @Test func passwordsOfDirectoriesAreSecretsToo() throws {
        let document = try Self.read(
            """
            {"type": "ldap", "name": "L", "ldap": {"host": "ldap.example.com", "bindDN": "cn=a", "bindPW": "pw", "startTLS": true,
             "userSearch": {"baseDN": "dc=a", "username": "uid"}, "groupSearch": {"baseDN": "dc=g", "userMatchers":
             [{"userAttr": "DN", "groupAttr": "member"}]}, "timeout": "3s"}}
            """)
        #expect(document.withoutSecrets["ldap"]?.object?["bindPW"] == nil)
        #expect(document.withoutSecrets["ldap"]?.object?["bindDN"] == "cn=a")
        guard case .ldap(let settings) = document.settings.kind else { Issue.record("another outcome"); return }
        #expect(settings.bindPW?.text == "pw" && settings.startTLS && settings.timeout == 3)
    }

    @Test(arguments: [
        (#"{}"#, "`type` is missing"), (#"{"type": "oidc", "name": "x"}"#, "`oidc` is missing"),
        (#"{"type": "oidc", "name": 7, "oidc": OIDC, "ldap": {}}"#, "`ldap` does not go with"),
        (#"{"type": "oidc", "name": "x", "oidc": []}"#, "`oidc`: `oidc` is a mapping"),
        (#"{"type": "oidc", "name": null, "oidc": OIDC}"#, "`name`"),
        (#"{"type": "oidc", "name": "a\u0000b", "oidc": OIDC}"#, "control character"),
        (#"{"type": "oidc", "name": "x", "oidc": {"a\nb": 1}}"#, "control character"),
        (
            #"{"type": "github", "name": "x", "github": {"clientID": "x", "clientSecret": {"env": "CORP_SECRET"}}}"#,
            "the secret itself"
        ),
        (#"{"type": "github", "name": "x", "github": {"clientID": "x", "clientSecret": {"file": "/a"}}}"#, "the secret itself"),
        (#"{"type": "github", "name": "x", "github": {"clientID": "x", "clientSecret": ["a"]}}"#, "the secret itself"),
        (#"{"type": "google", "name": "x", "google": {"clientID": "x", "rootCA": "ca.pem"}}"#, "is not absolute"),
        (
            #"{"type": "github", "name": "x", "github": {"clientID": "x", "clientSecret": "y", "redirectURI": "https://a.b/c"}}"#,
            "`github.redirectURI`: the redirect URI"
        ),
    ]) func whatIsWrongIsSaid(json: String, says: String) {
        #expect(Self.problems(json.replacing("OIDC", with: Self.oidc)).contains(says))
    }

    @Test(arguments: ["local", "fixed", "..", "a/b", ""]) func someIDsAreNotTaken(id: String) {
        #expect(Self.problems(#"{"type": "oidc", "name": "x", "oidc": \#(Self.oidc)}"#, id: id) != "")
    }

    /// What the file names may be in the storage then.
    @Test(arguments: [false, true]) func namesOfConnectorsCountAsFarAsTheFileHasAll(isStored: Bool) throws {
        let text = """
            provider:
              issuer: https://sso.example.com/dex
              storedConnectors: \(isStored)
              passwordConnector: directory
              users: [{ email: admin@example.com, hash: \(Fixture.hash) }]
              clients:
                - id: app
                  secret: { env: CORP_SECRET }
                  redirectURIs: [https://app.example.com/cb]
                  grantTypes: [authorization_code, token_exchange]
                  connectors: [partner]
                  exchangeConnectors: [partner]
            """
        guard !isStored else { return #expect(try Fixture.read(text).configuration.provider?.storesConnectors == true) }
        #expect { _ = try Fixture.read(text) } throws: { "\($0)".ranges(of: "`partner`").count == 2 }
    }

    @Test func whatDeservesALookIsSaid() throws {
        let document = try Self.read(
            #"{"type": "github", "name": "x", "github": {"clientID": "x", "clientSecret": "short", "insecureSkipVerify": true}}"#)
        #expect(document.warnings.count == 2)
        #expect(document.warnings.allSatisfy { !$0.contains("stands in the configuration") })
    }
}

struct ConnectorFileTests {
    private static func read(_ text: String) throws(ConfigurationErrors) -> JSONObject {
        try ConnectorFile.read(
            path: "folder/corp.yaml",
            sources: ConfigurationSources(
                file: { (path, _) throws(ConfigurationSources.Failure) in
                    switch path {
                    case "folder/corp.yaml": .init(bytes: Array(text.utf8), mode: 0o600)
                    case "folder/secret": .init(bytes: Array("of the file\n".utf8), mode: 0o600)
                    default: throw .init(reason: "no such file")
                    }
                }, variable: { $0 == "SECRET" ? "of the environment" : nil }))
    }

    @Test func secretsAreReadAndTheRestIsAsItIsWritten() throws {
        let entry: JSONValue = try .object(
            Self.read(
                """
                id: corp
                name: "true"
                number: 12
                text: 0012
                flag: true
                none:
                oidc: { clientSecret: { env: SECRET }, rootCA: ca.pem, list: [a, { file: secret }] }
                """))
        #expect(
            entry == [
                "id": "corp", "name": "true", "number": 12, "text": "0012", "flag": true, "none": .null,
                "oidc": ["clientSecret": "of the environment", "rootCA": "ca.pem", "list": ["a", "of the file"]],
            ])
    }

    @Test(arguments: [
        ("[a]", "a connector is a mapping"), ("a: { env: NONE }", "`NONE` is not set"), ("a: { file: none }", "no such file"),
        ("a: [", "YAML"), ("a: &b c", "anchors"),
    ]) func whatIsWrongIsSaid(text: String, says: String) {
        #expect { _ = try Self.read(text) } throws: { "\($0)".contains(says) }
    }
}
