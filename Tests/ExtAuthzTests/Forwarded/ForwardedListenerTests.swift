import AuthService
import ExtAuthz
import Testing
import Web

/// nginx, Traefik, Caddy and HAProxy: what is the same for all four.
struct ForwardedListenerTests {
    static let paths = ["/nginx", "/traefik", "/caddy", "/haproxy"]

    @Test(arguments: paths)
    func requestIsReadFromTheGatewaysHeaders(path: String) async throws {
        let authorizer = StubAuthorizer(.allow)
        _ = try await exchange(path, headers: ForwardedCheck(path).lines + "Cookie: a=1\n", authorizer)
        let request = try #require(authorizer.requests.first)
        #expect(!request.gatewayCarriesPages)
        #expect(request.http.method == "POST")
        #expect(request.http.target == "/app?q=1")
        #expect(request.http.authority == "app.example")
        #expect(request.http.scheme == "https")
        #expect(request.http.clientAddress == "203.0.113.5")
        #expect(request.http.headers.fields.map(\.name) == ["connection", "cookie"])
    }

    @Test(arguments: paths)
    func allowNamesEveryHeader(path: String) async throws {
        let response = try await exchange(path, headers: ForwardedCheck(path).lines, StubAuthorizer(.allow))
        #expect(response.hasPrefix("HTTP/1.1 200 OK\nx-user: ada\nx-groups: \nx-forwarded-user: \n"))
    }

    /// The gateway takes them from the answer: what is not named does not go on.
    @Test(arguments: paths)
    func allowNamesTheClientsCredentials(path: String) async throws {
        let lines = ForwardedCheck(path).lines + "Cookie: a=1\nCookie: b=2\nAuthorization: Basic x\n"
        let response = try await exchange(path, headers: lines, StubAuthorizer(.accept(Accepted())))
        #expect(response.contains("\nauthorization: Basic x\ncookie: a=1; b=2\n"))
    }

    @Test(arguments: paths)
    func allowNamesWhatIsLeftOfThem(path: String) async throws {
        var accepted = Accepted(headersToRemove: ["authorization"])
        accepted.cookieHeader = .others(Array("a=1".utf8))
        let lines = ForwardedCheck(path).lines + "Cookie: a=1; ours=2\nAuthorization: Basic x\n"
        let response = try await exchange(path, headers: lines, StubAuthorizer(.accept(accepted)))
        #expect(response.contains("\nauthorization: \ncookie: a=1\n"))
        #expect(!response.contains("Basic x"))
    }

    @Test(arguments: paths)
    func allowNamesNothingWhereNothingIsLeft(path: String) async throws {
        var accepted = Accepted()
        accepted.cookieHeader = .none
        let response = try await exchange(
            path, headers: ForwardedCheck(path).lines + "Cookie: ours=2\n", StubAuthorizer(.accept(accepted)))
        // Traefik removes by itself what the answer does not name.
        #expect(response.contains("\nauthorization: \ncookie: \n") == (path != "/traefik"))
        #expect(response.contains("cookie: ") == (path != "/traefik"))
    }

    /// Which of them would the application read?
    @Test(arguments: paths)
    func ofTwoCredentialsNoneGoesOn(path: String) async throws {
        let lines = ForwardedCheck(path).lines + "Authorization: Basic x\nAuthorization: Basic y\n"
        let response = try await exchange(path, headers: lines, StubAuthorizer(.accept(Accepted())))
        #expect(!response.contains("Basic"))
    }

    @Test(arguments: paths)
    func anUntrustedPeerIsNotAskedFor(path: String) async throws {
        let authorizer = StubAuthorizer(.allow)
        let response = try await exchange(path, headers: ForwardedCheck(path).lines, authorizer, trusted: [])
        #expect(response.hasPrefix("HTTP/1.1 403 "))
        #expect(authorizer.requests.isEmpty)
    }

    @Test(arguments: paths, ["method", "uri", "host", "proto"])
    func eachHeaderHasToBeThereOnce(path: String, name: String) async throws {
        let check = ForwardedCheck(path)
        for lines in [check.without(name), check.lines + check.only(name).replacing(": ", with: ": x")] {
            let authorizer = StubAuthorizer(.allow)
            let response = try await exchange(path, headers: lines, authorizer)
            #expect(!response.hasPrefix("HTTP/1.1 200 "))
            #expect(authorizer.requests.isEmpty)
        }
    }

    @Test(arguments: paths, ["X-User", "x-groups", "X-FORWARDED-USER"])
    func aHeaderOfOursThatTheGatewayHasLeftIsRefused(path: String, name: String) async throws {
        let lines = ForwardedCheck(path).lines + "\(name): eve\n"
        let response = try await exchange(path, headers: lines, StubAuthorizer(.allow))
        #expect(response.hasPrefix("HTTP/1.1 403 "))
    }

    @Test(arguments: paths)
    func aPageDoesNotPassForAnAllow(path: String) async throws {
        let response = try await exchange(path, headers: ForwardedCheck(path).lines, StubAuthorizer(.page(200)))
        #expect(response.hasPrefix(path == "/nginx" ? "HTTP/1.1 403 " : "HTTP/1.1 500 "))
    }

    private func exchange(
        _ path: String, headers: String, _ authorizer: StubAuthorizer, trusted: [String] = ["127.0.0.0/8"]
    ) async throws -> String {
        try await TestListeners.run(authorizer, trusted: trusted) { listeners in
            try await RawHTTP1Client(port: listeners.httpPort)
                .exchange("GET \(path) HTTP/1.1\nHost: gatehouse:9001\nConnection: close\n\(headers)\n")
        }
    }
}

/// The header lines in which a gateway tells of `POST https://app.example/app?q=1`.
struct ForwardedCheck {
    private let fields: [(name: String, value: String)]

    init(_ path: String) {
        let first = path == "/nginx" ? "X-Original-" : "X-Forwarded-"
        fields = [
            (first + "Method", "POST"), (first + "Uri", "/app?q=1"), ("X-Forwarded-Host", "app.example"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.5"),
        ]
    }

    var lines: String { Self.text(fields) }

    func without(_ name: String) -> String { Self.text(fields.filter { !$0.name.lowercased().hasSuffix(name) }) }

    func only(_ name: String) -> String { Self.text(fields.filter { $0.name.lowercased().hasSuffix(name) }) }

    private static func text(_ fields: [(name: String, value: String)]) -> String {
        fields.map { "\($0.name): \($0.value)\n" }.joined()
    }
}
