import Foundation
import Importers
import Manifests
import Settings
import Testing

struct DexImportTests {
    @Test func kubeflowsDexIsCarriedOver() throws {
        let result = try DexImport.run(Fixture.bytes("dex-kubeflow.yaml")) { $0 == "OIDC_CLIENT_ID" ? "kubeflow" : nil }
        #expect(
            YAMLWriter.text(result.configuration) == """
                listen:
                  web: "0.0.0.0:5556"
                storage:
                  sqlite:
                    path: gatehouse.db
                provider:
                  issuer: "http://dex.auth.svc.cluster.local:5556/dex"
                  clients:
                    - id: kubeflow
                      name: "Dex Login Application"
                      secret:
                        env: OIDC_CLIENT_SECRET
                      redirectURIs:
                        - "http://dex.auth.svc.cluster.local:5556/oauth2/callback"
                      skipConsent: true
                  users:
                    - email: "user@example.com"
                      hash:
                        env: DEX_USER_PASSWORD
                      name: user
                      username: user
                      userID: "15841185641784"
                  tokens:
                    idToken: "24h"
                    accessToken: "24h"
                log:
                  level: debug
                  format: text

                """)
        #expect(result.files.isEmpty)
        #expect(
            result.remarks.map(\.place) == [
                "issuer", "storage", "storage.config.inCluster", "storage", "staticClients[0].redirectURIs[0]",
            ])
    }

    @Test func anotherIssuerTakesThePlaceOfTheFiles() throws {
        let result = try DexImport.run(Fixture.bytes("dex-kubeflow.yaml"), issuer: "https://kubeflow.example.com/dex") { _ in
            "kubeflow"
        }
        let variables = ["DEX_USER_PASSWORD": Fixture.hash, "OIDC_CLIENT_SECRET": "a secret of 32 characters or more"]
        let provider = try #require(try Fixture.load(result, variables).provider)
        #expect(provider.issuer.text == "https://kubeflow.example.com/dex")
        #expect(provider.clients.map(\.redirectURIs) == [["https://kubeflow.example.com/oauth2/callback"]])
        #expect(!result.remarks.map(\.place).contains("issuer"))
    }

    /// What is written is taken as it is, and each option of Dex is either in it or told of.
    @Test func everythingIsCarriedOverOrTold() throws {
        let result = try DexImport.run(Fixture.bytes("dex-everything.yaml"))
        let variables =
            ["DEX_DB", "LDAP"].map { ("\($0)_PASSWORD", "a password") }
            + ["CORP", "GITLAB", "GOOGLE", "MICROSOFT", "FORUM"].map { ("\($0)_SECRET", "a secret of more than 16") }
        let loaded = try Fixture.load(result, Dictionary(uniqueKeysWithValues: variables))
        let provider = try #require(loaded.provider)
        #expect(provider.clients.map(\.id) == ["wiki", "cli"])
        #expect(provider.clients.map(\.skipsConsent) == [false, false])
        #expect(provider.clients.map(\.trustedPeers) == [["cli"], []])
        #expect(provider.users.map(\.name) == ["Administrator"] && provider.users.map(\.username) == ["adm"])
        #expect(provider.users.map(\.groups) == [["admins", "staff"]])
        #expect(provider.connectors.map(\.id) == ["ldap", "corp", "github", "gitlab", "google", "microsoft", "forum", "portal"])
        #expect(provider.tokens.idToken == 5400 && provider.tokens.accessToken == 5400)
        #expect(provider.tokens.refresh.idle == 2160 * 3600 && provider.tokens.refresh.reuseWindow == 3)
        #expect(provider.keys.rotateAfter == 6 * 3600)
        #expect(
            result.files.map(\.path) == [
                "secrets/client-wiki.secret", "certificates/ldap-ca.pem", "secrets/github-clientSecret",
            ])
        #expect(String(decoding: result.files[0].bytes, as: UTF8.self) == "a-secret-of-the-wiki")
        let lost = result.remarks.filter { $0.weight == .lost }.map(\.place)
        #expect(
            Set(lost) == [
                "grpc", "web.headers", "web.http", "storage.config.ssl.keyFile", "storage.config.ssl.certFile",
                "expiry.refreshTokens.disableRotation", "oauth2.grantTypes[2]", "oauth2.responseTypes[1]",
                "oauth2.responseTypes[2]",
                "frontend.issuer", "frontend.logoURL", "frontend.dir", "frontend.theme", "frontend.extra",
                "staticClients[1].redirectURIs[1]", "connectors[8]", "connectors[9]",
            ])
        #expect(Set(result.remarks.filter { $0.weight == .todo }.map(\.place)) == ["web.allowedOrigins", "connectors[7].config"])
    }

    /// An option that nobody knows is told of, wherever it stands.
    @Test(arguments: [
        ("news: 1", "news"), ("web: { http: '127.0.0.1:1', news: 1 }", "web.news"), ("oauth2: { news: 1 }", "oauth2.news"),
        ("expiry: { news: 1h }", "expiry.news"), ("expiry: { refreshTokens: { news: 1h } }", "expiry.refreshTokens.news"),
        ("staticClients: [{ id: a, public: true, news: 1 }]", "staticClients[0].news"),
        ("enablePasswordDB: true\nstaticPasswords: [{ email: a@b.example, news: 1 }]", "staticPasswords[0].news"),
        ("connectors: [{ type: oidc, id: a, name: A, news: 1 }]", "connectors[0].news"),
        (
            "connectors: [{ type: oidc, id: a, name: A, config: { claimMapping: { news: 1 } } }]",
            "connectors[0].config.claimMapping.news"
        ),
        ("storage: { type: kubernetes, config: { news: 1 } }", "storage.config.news"),
        ("storage: { type: postgres, config: { news: 1 } }", "storage.config.news"), ("logger: { news: 1 }", "logger.news"),
        ("telemetry: { news: 1 }", "telemetry.news"), ("frontend: { news: 1 }", "frontend.news"),
    ])
    func whatNobodyKnowsIsTold(text: String, place: String) throws {
        let result = try DexImport.run(Array("issuer: https://dex.example.com\n\(text)\n".utf8))
        let remark = try #require(result.remarks.first { $0.place == place })
        #expect(remark.weight == .lost && remark.line == text.split(separator: "\n").count + 1)
    }

    @Test(arguments: [
        "", "- a", "a: 1", "kind: Secret\napiVersion: v1\ndata: { config.yaml: 'LQ==' }", "a: [", "a: 1\n---\nb: 2",
    ])
    func whatIsNoDexIsRefused(text: String) {
        #expect(throws: ImportProblem.self) { try DexImport.run(Array(text.utf8)) }
    }

    @Test func aSecretHoldsItsFileInBase64() throws {
        let inner = Data("issuer: https://dex.example.com".utf8).base64EncodedString()
        let result = try DexImport.run(Array("apiVersion: v1\nkind: Secret\ndata: { config.yaml: \(inner) }".utf8))
        #expect(YAMLWriter.text(result.configuration).contains("issuer: \"https://dex.example.com\""))
    }
}
