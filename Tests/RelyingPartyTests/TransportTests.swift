import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// The two exchanges behave alike, and the network's own dangers end in failures.
struct TransportTests {
    enum Transport: CaseIterable { case embedded, http }

    /// Runs `body` with an exchange to `provider`, whose issuer is set to fit.
    private func with(
        _ transport: Transport, _ provider: TestProvider, _ body: @escaping (any ProviderExchange) async throws -> Void
    ) async throws {
        switch transport {
        case .embedded:
            try await body(EmbeddedProviderExchange(issuer: provider.issuer) { provider.respond($0) })
        case .http:
            let exchange = HTTPProviderExchange()
            do {
                try await withLoopbackServer({ provider.respond($0) }) { origin in
                    provider.change { $0.issuer = origin + "/dex" }
                    try await body(exchange)
                }
            } catch {
                try await exchange.shutdown()
                throw error
            }
            try await exchange.shutdown()
        }
    }

    @Test(arguments: Transport.allCases)
    func wholeSignIn(_ transport: Transport) async throws {
        let clock = MovableClock()
        let provider = try TestProvider(clock: clock.clock)
        provider.change { $0.userinfoReply = TestProvider.json(["sub": "user-1", "name": "Admin"]) }
        try await with(transport, provider) { exchange in
            let client = ProviderClient(
                id: "corp", issuer: provider.issuer, clientID: "gatehouse", clientSecret: Secret(utf8: "s3cret"),
                usesUserinfo: true)
            let relyingParty = RelyingParty(client: client, exchange: exchange, clock: clock.clock)
            let url = try await relyingParty.authorizationURL(
                AuthorizationRequest(
                    redirectURI: "https://app.example/callback", state: "s", nonce: "nonce-1", codeChallenge: "c"))
            #expect(url.hasPrefix(provider.issuer + "/auth?client_id=gatehouse&"))
            let signedIn = try #require(await relyingParty.signIn(issuerParameter: provider.issuer).signedIn)
            #expect(signedIn.identity.email == "admin@example.com" && signedIn.identity.name == "Admin")
        }
        #expect(provider.requests.map(\.method) == ["GET", "POST", "GET", "GET"])
        #expect(
            provider.requests.map { $0.target } == [
                "/dex/.well-known/openid-configuration", "/dex/token", "/dex/keys", "/dex/userinfo",
            ])
        #expect(provider.requests.map { $0.headers.first("cookie") } == [nil, nil, nil, nil])
    }

    @Test(arguments: Transport.allCases)
    func unknownPathIsAStatus(_ transport: Transport) async throws {
        let provider = try TestProvider(clock: .system)
        try await with(transport, provider) { exchange in
            let response = try await exchange.exchange(ProviderRequest(url: provider.issuer + "/nothing"))
            #expect(response.status == 404)
        }
    }

    @Test(arguments: Transport.allCases)
    func redirectIsNotFollowed(_ transport: Transport) async throws {
        let provider = try TestProvider(clock: .system)
        provider.change { $0.userinfoReply = WebResponse(status: 302, headers: ["location": "/dex/keys"]) }
        try await with(transport, provider) { exchange in
            let response = try await exchange.exchange(ProviderRequest(url: provider.issuer + "/userinfo"))
            #expect(response.status == 302)
        }
        #expect(provider.requests.count == 1)
    }

    @Test(arguments: Transport.allCases)
    func largeBodyIsRefused(_ transport: Transport) async throws {
        let provider = try TestProvider(clock: .system)
        provider.change { $0.userinfoReply = WebResponse(status: 200, body: Array(repeating: 32, count: 1 << 20 + 1)) }
        try await with(transport, provider) { exchange in
            #expect(await failure(of: exchange, at: provider.issuer + "/userinfo")?.kind == .tooLarge)
        }
    }

    private func failure(of exchange: any ProviderExchange, at url: String) async -> UpstreamFailure? {
        do throws(UpstreamFailure) { _ = try await exchange.exchange(ProviderRequest(url: url)) } catch { return error }
        return nil
    }

    @Test(arguments: [
        "http://issuer.example/", "http://127.0.0.1.evil.example/", "http://127.evil/", "http://localhost.evil.example/",
        "https://user@issuer.example/", "https://issuer.example\\@evil.example/", "https://issuer.example/#fragment",
        "https://issuer.example/a b", "https://issuer.example/%zz", "https://issuer.example/\r\n",
        "https://issuer.example/\u{E9}",
        "ftp://issuer.example/", "file:///etc/passwd", "//issuer.example/", "/token", "", "https://", "unix:///run/x",
        "http+unix://%2Frun%2Fx/", "http://2130706433/", "http://0127.0.0.1/", "http://0.0.0.0/",
    ])
    func urlIsNotAsked(_ url: String) async throws {
        let exchange = HTTPProviderExchange()
        #expect(
            await failure(of: exchange, at: url)
                == UpstreamFailure(.unreachable, "neither an https URL nor http on a loopback host"))
        try await exchange.shutdown()
    }

    @Test(arguments: [
        "https://issuer.example/dexter", "https://issuer.example/", "https://issuer.example/dex",
        "https://other.example/dex/token",
        "http://issuer.example/dex/token", "https://issuer.example:444/dex/token",
    ])
    func embeddedProviderIsAskedOnlyBelowItsIssuer(_ url: String) async throws {
        let exchange = EmbeddedProviderExchange(issuer: "https://issuer.example/dex") { _ in WebResponse(status: 200) }
        #expect(await failure(of: exchange, at: url)?.kind == .unreachable)
    }

    /// Silence, a head without its body, and a body that never ends.
    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"])
    func silenceIsATimeout(_ reply: String) async throws {
        let exchange = HTTPProviderExchange(timeout: .milliseconds(300))
        try await withByteServer(Array(reply.utf8)) { origin in
            #expect(await failure(of: exchange, at: origin + "/")?.kind == .timeout)
        }
        try await exchange.shutdown()
    }

    @Test(arguments: ["garbage\r\n\r\n", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n"])
    func garbageIsAFailure(_ reply: String) async throws {
        let exchange = HTTPProviderExchange(timeout: .seconds(20))
        try await withByteServer(Array(reply.utf8)) { origin in
            #expect(await failure(of: exchange, at: origin + "/")?.kind == .unreachable)
        }
        try await exchange.shutdown()
    }

    @Test func closedPortIsUnreachable() async throws {
        let exchange = HTTPProviderExchange()
        // A port that was open a moment ago may be that of another test's server now; nobody is given this one.
        #expect(await failure(of: exchange, at: "http://127.0.0.1:1/")?.kind == .unreachable)
        try await exchange.shutdown()
    }

    @Test func headerThatCannotBeSentIsNotPrinted() async throws {
        let exchange = HTTPProviderExchange()
        do throws(UpstreamFailure) {
            _ = try await exchange.exchange(
                ProviderRequest(url: "http://127.0.0.1:1/", headers: ["authorization": "Bearer s3cret\r\nx: y"]))
            Issue.record("was sent")
        } catch {
            #expect(!error.detail.contains("s3cret"))
        }
        try await exchange.shutdown()
    }

    @Test func requestPrintsNoSecret() {
        let request = ProviderRequest(
            method: .post, url: "https://issuer.example/token?s3cret", headers: ["authorization": "s3cret"],
            body: Array("s3cret".utf8))
        #expect("\(request)" == "POST https://issuer.example/token")
        #expect(!String(reflecting: request).contains("s3cret"))
    }
}
