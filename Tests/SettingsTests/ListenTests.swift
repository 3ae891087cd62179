import JOSE
import Settings
import TLS
import Testing

/// The listeners, their TLS, and what gateways have to show.
@Suite struct ListenTests {
    private static func with(_ listen: String) -> String { Fixture.service + "listen: \(listen)\n" }
    private static func tls(_ tls: String) -> String { with("{ checkGRPC: { address: 127.0.0.1:9002, tls: \(tls) } }") }

    @Test func tlsIsTaken() throws {
        let listen = try Fixture.read(
            Self.tls(
                "{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCA: { file: tls.crt }, minimumVersion: 1.3 }")
        ).configuration.listen
        #expect(listen.checkGRPC.address == .tcp(host: "127.0.0.1", port: 9002))
        let tls = try #require(listen.checkGRPC.tls)
        #expect([tls.certificate, tls.key, tls.clientCA] == ["tls.crt", "tls.key", "tls.crt"].map { "/etc/gatehouse/" + $0 })
        #expect(tls.minimumVersion == .tls13)
        #expect(listen.web.tls == nil)
    }

    @Test func withoutMoreTLSBeginsAt12AndWantsNoClientCertificate() throws {
        let loaded = try Fixture.read(Self.tls("{ certificate: { file: tls.crt }, key: { file: tls.key } }"))
        let tls = try #require(loaded.configuration.listen.checkGRPC.tls)
        #expect(tls.minimumVersion == .tls12)
        #expect(tls.clientCA == nil)
    }

    @Test(arguments: [("", true), (", clientCertificate: required", true), (", clientCertificate: optional", false)])
    func aCertificateMayBeOptionalForBrowsers(more: String, isDemanded: Bool) throws {
        let tls = "{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCA: { file: tls.crt }\(more) }"
        let listen = try Fixture.read(Self.with("{ web: { address: 127.0.0.1:9000, tls: \(tls) } }")).configuration.listen
        #expect(listen.web.tls?.demandsCertificates == isDemanded)
    }

    @Test(arguments: ["{ admin: unix:/run/gatehouse/admin.sock }", "{ admin: { address: unix:/run/gatehouse/admin.sock } }"])
    func aUnixSocketIsTaken(_ listen: String) throws {
        let listen = try Fixture.read(Self.with(listen)).configuration.listen
        #expect(listen.admin.address == .unix(path: "/run/gatehouse/admin.sock"))
    }

    @Test func theProxySecretIsTaken() throws {
        let listen = try Fixture.read(Self.with("{ proxySecret: { file: proxy.secret } }")).configuration.listen
        #expect(listen.proxySecret?.bytes.count == 32)
    }

    static let refused: [Refused] = [
        at(
            "{ file: other.key", tls("{ certificate: { file: tls.crt }, key: { file: other.key } }"),
            "is not the one of the certificate"),
        at(
            "{ file: open-tls.key", tls("{ certificate: { file: tls.crt }, key: { file: open-tls.key } }"),
            "can be read by everybody; run `chmod o= /etc/gatehouse/open-tls.key`"),
        at(
            "{ file: none.crt", tls("{ certificate: { file: none.crt }, key: { file: tls.key } }"), "cannot be read (No such file"
        ),
        at(
            "{ file: none.key", tls("{ certificate: { file: tls.crt }, key: { file: none.key } }"), "cannot be read (No such file"
        ),
        at(
            "{ file: empty", tls("{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCA: { file: empty } }"),
            "the client CA's file holds no PEM certificate"),
        at(
            "{ file: short.crt", tls("{ certificate: { file: short.crt }, key: { file: short-tls.key } }"),
            "has less than 2048 bits"),
        at("{ certificate:", tls("{ certificate: { file: tls.crt } }"), "`key` is missing"),
        at("tls.crt,", tls("{ certificate: tls.crt, key: { file: tls.key } }"), "`file` is a mapping, not a single value"),
        at(
            "optional }",
            tls(
                "{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCA: { file: tls.crt }, clientCertificate: optional }"
            ),
            "certificates are optional at `listen.web` only"),
        at(
            "optional }", tls("{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCertificate: optional }"),
            "nobody is asked for a certificate; add `clientCA`"),
        at(
            "1.1 }", tls("{ certificate: { file: tls.crt }, key: { file: tls.key }, minimumVersion: 1.1 }"),
            "`1.1` is not known here; write one of `1.2`, `1.3`"),
        at(
            "clientCa", tls("{ certificate: { file: tls.crt }, key: { file: tls.key }, clientCa: { file: tls.crt } }"),
            "did you mean `clientCA`?"),
        at(
            "{ tls:", with("{ web: { tls: { certificate: { file: tls.crt }, key: { file: tls.key } } } }"), "`address` is missing"
        ),
        at("unix:run", with("{ web: unix:run/web.sock }"), "is no Unix socket to listen on; write an absolute path"),
        at("unix:/", with("{ web: unix:/\(String(repeating: "x", count: 107)) }"), "of at most 107 bytes"),
        at("unix:/a }", with("{ web: unix:/a, admin: unix:/a }"), "both listen on `unix:/a`; give each its own path"),
        at("{ file: proxy-short", with("{ proxySecret: { file: proxy-short.secret } }"), "the proxy secret has 15 bytes"),
        at(
            "{ file: proxy-quoted", with("{ proxySecret: { file: proxy-quoted.secret } }"),
            "other characters than letters, digits"),
    ]

    /// Refused where `part` stands.
    private static func at(_ part: String, _ yaml: String, _ says: String) -> Refused {
        let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() {
            guard let range = line.firstRange(of: part) else { continue }
            return Refused(yaml, "\(number + 1):\(line[..<range.lowerBound].count + 1)", says)
        }
        return Refused(yaml, "nowhere", says)
    }

    @Test(arguments: refused) func refuses(_ refused: Refused) { refused.check() }
}
