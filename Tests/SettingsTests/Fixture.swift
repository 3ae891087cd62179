import Settings
import TestSupport
import Testing

/// A configuration that passes, with a place for what a test changes, and files and variables that exist in memory only.
enum Fixture {
    static let hash = "$2b$10$1x0OVZ3KF/z6GUh6/XJSFuHim3oFwdrq0KlJdt4k920Qfda/E8Dk."

    static let service = """
        authService:
          publicURL: https://apps.example.com
          secrets: [{ file: cookie.key }]
          providers: [{ id: corp, issuer: https://sso.example.com, clientID: x, clientSecret: { env: CORP_SECRET } }]

        """

    static let provider = """
        provider:
          issuer: https://apps.example.com/dex
          clients: [{ id: app, secret: { file: client.secret }, redirectURIs: [https://app.example.com/cb] }]
          users: [{ email: admin@example.com, hash: \(hash), groups: [admins] }]

        """

    /// Files of /etc/gatehouse, and one variable. A name that begins with `open` can be read by others.
    static let sources = ConfigurationSources(
        file: { (path, _) throws(ConfigurationSources.Failure) in
            guard let text = files[path] else { throw ConfigurationSources.Failure(reason: "No such file or directory") }
            return ConfigurationSources.File(bytes: Array(text.utf8), mode: path.contains("/open") ? 0o644 : 0o600)
        },
        variable: { $0 == "CORP_SECRET" ? "correct horse battery staple" : nil })

    private static let keySet = """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"1","alg":"ES256","use":"sig","x":"2GF8xy_kQJS0u9TrL7WsWm4OQbwc22zQPx49AkKf4CU",
        "y":"mSStRF0NzW8OPoiK6fSfyycWb5nfgo7BCoNRWkm_XJo"}]}
        """

    private static let files = [
        "/etc/gatehouse/cookie.key": String(repeating: "k", count: 64) + "\n",
        "/etc/gatehouse/client.secret": String(repeating: "c", count: 32) + "\n",
        "/etc/gatehouse/short.key": String(repeating: "k", count: 31) + "\n",
        "/etc/gatehouse/open.key": String(repeating: "o", count: 64),
        "/etc/gatehouse/empty": "\n",
        "/etc/gatehouse/tls.crt": TestPEM.certificate,
        "/etc/gatehouse/tls.key": TestPEM.key,
        "/etc/gatehouse/open-tls.key": TestPEM.key,
        "/etc/gatehouse/other.key": TestPEM.otherKey,
        "/etc/gatehouse/short.crt": TestPEM.shortCertificate,
        "/etc/gatehouse/short-tls.key": TestPEM.shortKey,
        "/etc/gatehouse/service.json": TestPEM.serviceAccount,
        "/etc/gatehouse/open-service.json": TestPEM.serviceAccount,
        "/etc/gatehouse/google.json": TestPEM.serviceAccount,
        "/etc/gatehouse/keys.jwks": keySet,
        "/etc/gatehouse/cluster.jwks": keySet,
        "/etc/gatehouse/proxy.secret": String(repeating: "p", count: 32),
        "/etc/gatehouse/proxy-quoted.secret": String(repeating: "\"", count: 32),
        "/etc/gatehouse/proxy-short.secret": "fifteen-of-them",
    ]

    static func read(_ yaml: String) throws(ConfigurationErrors) -> LoadedConfiguration {
        try Configuration.read(Array(yaml.utf8), file: "/etc/gatehouse/gatehouse.yaml", sources: sources)
    }

    /// What a refused file says, `line:column: what; mend` each; empty for one that passes.
    static func errors(_ bytes: [UInt8]) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try Configuration.read(bytes, file: "f", sources: sources)
            return []
        } catch {
            return error.errors.map(short)
        }
    }

    static func errors(_ yaml: String) -> [String] {
        do throws(ConfigurationErrors) {
            _ = try read(yaml)
            return []
        } catch {
            return error.errors.map(short)
        }
    }

    static func warnings(_ yaml: String) throws -> [String] { try read(yaml).warnings.map(short) }

    private static func short(_ problem: ConfigurationProblem) -> String {
        (problem.position.map { "\($0.line):\($0.column): " } ?? "") + problem.what + "; " + problem.mend
    }
}

/// One refused file: the place, and a part of what is said.
struct Refused: Sendable, CustomTestStringConvertible {
    var yaml: String
    var place: String
    var says: String

    init(_ yaml: String, _ place: String, _ says: String) {
        self.yaml = yaml
        self.place = place
        self.says = says
    }

    var testDescription: String { says + " at " + place }

    /// Expects exactly one error, at the place, with the words.
    func check(sourceLocation: SourceLocation = #_sourceLocation) {
        let errors = Fixture.errors(yaml)
        #expect(errors.count == 1, "\(errors)", sourceLocation: sourceLocation)
        #expect(errors.contains { $0.hasPrefix(place + ": ") && $0.contains(says) }, "\(errors)", sourceLocation: sourceLocation)
    }
}
