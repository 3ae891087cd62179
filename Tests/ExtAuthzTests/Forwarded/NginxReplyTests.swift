import AuthService
import ExtAuthz
import Testing
import Web

/// What nginx's three statuses and the headers beside them stand for.
struct NginxReplyTests {
    @Test(arguments: [(401, "401"), (403, "403"), (400, "403"), (405, "403"), (500, "403"), (503, "403")])
    func everyRefusalIs401Or403(status: Int, answered: String) async throws {
        let response = try await answer(to: .reject(.forbidden, status, body: "lost"))
        #expect(response.hasPrefix("HTTP/1.1 \(answered) "))
        let stands = response.contains("\nx-gatehouse-status: \(status)\n")
        #expect(stands == (status != 401 && status != 403))
    }

    @Test func aRedirectIs401WithItsTargetAndEachCookie() async throws {
        let cookies = ["a=1", "b=2"]
        let response = try await answer(to: .redirect(Redirection(location: "https://idp.example/auth?x=1", cookies: cookies)))
        #expect(response.hasPrefix("HTTP/1.1 401 "))
        #expect(response.contains("\nx-gatehouse-redirect: https://idp.example/auth?x=1\n"))
        #expect(response.contains("\nx-gatehouse-cookie-1: a=1\nx-gatehouse-cookie-2: b=2\n"))
        #expect(!response.contains("\nlocation: "))
    }

    @Test func aChallengeIsKept() async throws {
        let response = try await answer(to: .reject(.unauthenticated, 401, headers: ["www-authenticate": "Bearer"]))
        #expect(response.contains("\nwww-authenticate: Bearer\n"))
    }

    private func answer(to decision: Decision) async throws -> String {
        try await TestListeners.run(StubAuthorizer(decision), trusted: ["127.0.0.0/8"]) { listeners in
            try await RawHTTP1Client(port: listeners.httpPort)
                .exchange("GET /nginx HTTP/1.1\nHost: gatehouse\nConnection: close\n\(ForwardedCheck("/nginx").lines)\n")
        }
    }
}
