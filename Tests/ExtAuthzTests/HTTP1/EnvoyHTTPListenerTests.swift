import AuthService
import ExtAuthz
import Testing
import Web

struct EnvoyHTTPListenerTests {
    private func exchange(
        _ text: String, authorizer: StubAuthorizer = StubAuthorizer(.allow), trusted: [String] = []
    ) async throws -> String {
        try await TestListeners.run(authorizer, trusted: trusted) { listeners in
            try await RawHTTP1Client(port: listeners.httpPort).exchange(text)
        }
    }

    private static func get(_ target: String, _ headers: String = "") -> String {
        "GET \(target) HTTP/1.1\nHost: app.example\nConnection: close\n\(headers)\n"
    }

    @Test func allowIs200WithEveryHeader() async throws {
        let response = try await exchange(Self.get("/envoy/app"))
        #expect(
            response == """
                HTTP/1.1 200 OK
                x-user: ada
                x-groups: 
                x-forwarded-user: 
                set-cookie: a=1; Path=/
                set-cookie: b=2; Path=/
                content-length: 0
                connection: close


                """)
    }

    @Test func requestIsReadBehindThePrefix() async throws {
        let authorizer = StubAuthorizer(.allow)
        _ = try await exchange(
            "POST /envoy/app?q=1 HTTP/1.1\nHost: app.example\nCookie: a=1\nCookie: b=2\nConnection: close\nContent-Length: 2\n\nhi",
            authorizer: authorizer)
        let request = try #require(authorizer.requests.first)
        #expect(!request.gatewayCarriesPages)
        #expect(request.http.method == "POST")
        #expect(request.http.target == "/app?q=1")
        #expect(request.http.authority == "app.example")
        #expect(request.http.scheme == "http")
        #expect(request.http.headers.all("cookie") == ["a=1", "b=2"])
        #expect(request.http.headers.all("host").isEmpty)
        #expect(request.http.body == [UInt8]("hi".utf8))
        #expect(request.http.clientAddress == "127.0.0.1")
        #expect(request.http.id == "made-id")
    }

    @Test(arguments: [([], "http", "127.0.0.1", 0), (["127.0.0.0/8"], "https", "203.0.113.5", 1)])
    func forwardedHeadersCountFromTrustedPeersOnly(
        trusted: [String], scheme: String, client: String, kept: Int
    ) async throws {
        let authorizer = StubAuthorizer(.allow)
        let headers = "X-Forwarded-Proto: https\nX-Forwarded-For: 6.6.6.6, 203.0.113.5\nX-Forwarded-Host: evil.example\n"
        _ = try await exchange(Self.get("/envoy/", headers), authorizer: authorizer, trusted: trusted)
        let http = try #require(authorizer.requests.first).http
        #expect(http.scheme == scheme)
        #expect(http.clientAddress == client)
        #expect(http.authority == "app.example")
        #expect(http.headers.all("x-forwarded-host").count == kept)
    }

    @Test(
        arguments: [
            (.reject(.forbidden, 403, body: "no"), "403 Forbidden"),
            (.reject(.unauthenticated, 401), "401 Unauthorized"),
            (.redirect(Redirection(status: 303, location: "https://idp.example")), "303 See Other"),
            (.page(404), "404 Not Found"),
            // Nothing but an accept may come out as 2xx.
            (.page(200, body: [UInt8]("page".utf8)), "500 Internal Server Error"),
            (.page(204), "500 Internal Server Error"),
            (.reject(.forbidden, 200), "500 Internal Server Error"),
            (.redirect(Redirection(status: 200, location: "https://idp.example")), "500 Internal Server Error"),
            (.accept(Accepted(headersToSet: [.init(name: "x", value: "a\r\nb")])), "500 Internal Server Error"),
        ] as [(Decision, String)])
    func everythingElseIsNot200(decision: Decision, status: String) async throws {
        let response = try await exchange(Self.get("/envoy/app"), authorizer: StubAuthorizer(decision))
        #expect(response.hasPrefix("HTTP/1.1 \(status)\n"))
    }

    @Test func denialCarriesItsHeadersAndBody() async throws {
        var headers: HeaderList = ["content-type": "text/plain"]
        headers.add("set-cookie", "a=1")
        headers.add("set-cookie", "b=2")
        let denial = Decision.reject(.forbidden, 403, headers: headers, body: "no")
        let response = try await exchange(Self.get("/envoy/app"), authorizer: StubAuthorizer(denial))
        #expect(response.hasSuffix("set-cookie: a=1\nset-cookie: b=2\ncontent-length: 2\nconnection: close\n\nno"))
    }

    @Test func headGetsNoBody() async throws {
        let denial = StubAuthorizer(.reject(.forbidden, 403, body: "no"))
        let response = try await exchange(
            "HEAD /envoy/ HTTP/1.1\nHost: a\nConnection: close\n\n", authorizer: denial)
        #expect(response.hasSuffix("content-length: 2\nconnection: close\n\n"))
    }

    @Test(arguments: [
        (get("/"), 404), (get("/envoyx/"), 404), (get("/other/envoy/"), 404), (get("/Envoy/"), 404),
        (get("/envoy"), 400), (get("/envoy?x"), 400), (get("http://a/envoy/"), 404),
        ("GET /envoy/ HTTP/1.1\nHost: a\nHost: a\nConnection: close\n\n", 400),
        ("GET /envoy/ HTTP/1.1\nHost: a\nHost: b\nConnection: close\n\n", 400),
        ("GET /envoy/ HTTP/1.1\nConnection: close\n\n", 400),
        ("GET /envoy/ HTTP/1.1\nHost: a,b\nConnection: close\n\n", 400),
        ("GET /envoy/ HTTP/1.1\nHost:\nConnection: close\n\n", 400),
        ("G(T /envoy/ HTTP/1.1\nHost: a\n\n", 400),
        ("GET /envoy/ HTTP/1.1\nHost : a\n\n", 400),
        ("POST /envoy/ HTTP/1.1\nHost: a\nContent-Length: 65537\n\n", 413),
        ("POST /envoy/ HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n0\n\n", 400),
        ("POST /envoy/ HTTP/1.1\nHost: a\nContent-Length: 1\nContent-Length: 2\n\nab", 400),
    ])
    func refusedBeforeAnyDecision(request: String, status: Int) async throws {
        let authorizer = StubAuthorizer(.allow)
        let response = try await exchange(request, authorizer: authorizer)
        #expect(response.hasPrefix("HTTP/1.1 \(status) "), "\(response.prefix(80))")
        #expect(authorizer.requests.isEmpty)
    }

    @Test func headerFieldOverTheLimitIsRefused() async throws {
        let response = try await exchange(Self.get("/envoy/", "X: \(String(repeating: "a", count: 70_000))\n"))
        #expect(response.hasPrefix("HTTP/1.1 431 "))
    }

    @Test func tooManyHeaderFieldsAreRefused() async throws {
        let response = try await exchange(Self.get("/envoy/", String(repeating: "X: a\n", count: 300)))
        #expect(response.hasPrefix("HTTP/1.1 431 "))
    }

    @Test func aHostOfNoUTF8IsRefused() async throws {
        let authorizer = StubAuthorizer(.allow)
        let response = try await TestListeners.run(authorizer) { listeners in
            let bytes =
                [UInt8]("GET /envoy/ HTTP/1.1\r\nConnection: close\r\nHost: a".utf8) + [0xff, 13, 10, 13, 10]
            return try await RawHTTP1Client(port: listeners.httpPort).exchange(bytes: bytes)
        }
        #expect(response.hasPrefix("HTTP/1.1 400 "))
        #expect(authorizer.requests.isEmpty)
    }

    @Test func aCookieOfNoUTF8LocksNobodyOut() async throws {
        let authorizer = StubAuthorizer(.allow)
        let response = try await TestListeners.run(authorizer) { listeners in
            let bytes =
                [UInt8]("GET /envoy/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: a=".utf8) + [0xff, 13, 10, 13, 10]
            return try await RawHTTP1Client(port: listeners.httpPort).exchange(bytes: bytes)
        }
        #expect(response.hasPrefix("HTTP/1.1 200 "))
        #expect(authorizer.requests.count == 1)
    }

    @Test func chunkedBodyOverTheLimitIsRefused() async throws {
        let chunk = "4000\n\(String(repeating: "a", count: 0x4000))\n"
        let response = try await exchange(
            "POST /envoy/ HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n" + String(repeating: chunk, count: 5) + "0\n\n")
        #expect(response.hasPrefix("HTTP/1.1 413 "))
    }

    @Test func pipelinedRequestsAreAnsweredInOrder() async throws {
        let authorizer = StubAuthorizer { request in
            let status = Int(request.http.target.dropFirst()) ?? 400
            // The first has to wait for the slow lane, and still comes out first.
            return status == 401
                ? .pending { .reject(.unauthenticated, status) } : .decided(.reject(.forbidden, status))
        }
        let response = try await exchange(
            "GET /envoy/401 HTTP/1.1\nHost: a\n\nGET /envoy/403 HTTP/1.1\nHost: a\n\n" + Self.get("/envoy/404"),
            authorizer: authorizer)
        let statuses = response.split(separator: "\n").filter { $0.hasPrefix("HTTP/") }.map { $0.dropFirst(9).prefix(3) }
        #expect(statuses == ["401", "403", "404"])
    }

    @Test func connectionClosesAfterARequestToUpgrade() async throws {
        let response = try await exchange(
            "GET /envoy/ws HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\n\n",
            authorizer: StubAuthorizer(.reject(.unauthenticated, 401)))
        #expect(response.hasPrefix("HTTP/1.1 401 "))
        #expect(response.contains("connection: close\n"))
    }

    @Test func fullLaneSaysWhenToComeBack() async throws {
        let response = try await TestListeners.run(StubAuthorizer(.allow, behind: Gate()), laneIsFull: true) { listeners in
            try await RawHTTP1Client(port: listeners.httpPort).exchange(Self.get("/envoy/"))
        }
        #expect(response.hasPrefix("HTTP/1.1 503 "))
        #expect(response.contains("retry-after: 1\n"))
    }

    @Test func clientThatGoesAwayHarmsNobody() async throws {
        let gate = Gate()
        let response = try await TestListeners.run(StubAuthorizer(.allow, behind: gate)) { listeners in
            let client = RawHTTP1Client(port: listeners.httpPort)
            try await client.abandon(Self.get("/envoy/")) { try await gate.somebodyWaits() }
            await gate.open()
            return try await client.exchange(Self.get("/envoy/"))
        }
        #expect(response.hasPrefix("HTTP/1.1 200 OK\n"))
    }
}
