import Manifests
import Testing

struct GatewayManifestTests {
    /// No language of the four may see a sign that it would read as its own.
    @Test(arguments: [
        "/a b/", "/a\"b/", "/a;b/", "/a{b}/", "/a$b/", "/a\\b/", "/a`b/", "/a*b/", "/a\n/", "/a(b)/", "/a#b/", "/a%b/", "/é/",
    ])
    func pathWithASignOfALanguageIsRefused(path: String) {
        var place = EnvoyManifest.demo
        place.upstreams[0].prefix = path
        #expect(throws: EnvoyManifestProblem.path(path)) { try GatewayManifest(place) }
    }

    @Test(arguments: ["x_user", "x.user", "x`user", "x$user", "x|user", "x^user"])
    func headerWithASignOfALanguageIsRefused(name: String) {
        var place = EnvoyManifest.demo
        place.identityHeaders = [name]
        #expect(throws: EnvoyManifestProblem.header(name)) { try GatewayManifest(place) }
    }

    @Test func strippedHeaderWithASignOfALanguageIsRefused() {
        var place = EnvoyManifest.demo
        place.strip = [.beginning("x_")]
        #expect(throws: EnvoyManifestProblem.header("x_")) { try GatewayManifest(place) }
    }

    @Test func headersAreInLowerCaseAndOnce() throws {
        var place = EnvoyManifest.demo
        place.identityHeaders = ["X-User", "x-user", "x-groups"]
        place.strip = [.name("x-user"), .name("x-other"), .beginning("x-auth-"), .beginning("x-auth-")]
        let manifest = try GatewayManifest(place)
        #expect(manifest.identityHeaders == ["x-user", "x-groups", "x-gatehouse-assertion"])
        #expect(manifest.strippedNames == ["x-user", "x-groups", "x-gatehouse-assertion", "x-other"])
        #expect(manifest.strippedBeginnings == ["x-auth-"])
    }

    /// The check needs the client's credentials; an application gets them from the answer where they are ours.
    @Test(arguments: GatewayGoldenTests.gateways)
    func credentialsReachTheCheck(gateway: String, files: @Sendable (GatewayManifest) throws -> [ManifestFile]) throws {
        var place = EnvoyManifest.demo
        place.strip.append(.name("authorization"))
        let text = try files(GatewayManifest(place)).map(\.text).joined()
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " || $0 == "\t" } }
        let check = lines.prefix {
            !$0.contains("/\(gateway)") && !$0.hasPrefix("forward_auth ") && !$0.hasPrefix("http-request lua")
        }
        #expect(!check.contains { $0.contains("authorization") && ($0.contains("del-header") || $0.hasPrefix("request_header")) })
        #expect(text.contains("authorization"))
    }

    /// Whether it is for our cookies or all of them: the answer says what is left.
    @Test(arguments: GatewayGoldenTests.gateways)
    func strippedCookiesComeFromTheAnswer(gateway: String, files: @Sendable (GatewayManifest) throws -> [ManifestFile]) throws {
        func text(stripsCookies: Bool, strip: [RemovedHeader]) throws -> String {
            var place = EnvoyManifest.demo
            place.stripsCookies = stripsCookies
            place.strip += strip
            return try files(GatewayManifest(place)).map(\.text).joined()
        }
        let cookie = [RemovedHeader.name("cookie")]
        #expect(try text(stripsCookies: false, strip: cookie) == text(stripsCookies: true, strip: cookie))
        #expect(try text(stripsCookies: false, strip: []) != text(stripsCookies: true, strip: []))
    }
}
