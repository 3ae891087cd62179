import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct AuthorizerTests {
    @Test func anAnonymousNavigationIsSentToTheProvider() async throws {
        let harness = try Harness()
        let away = try #require(await harness.decide("/page").redirection)
        #expect(away.location.hasPrefix(ScriptedProvider.issuer + "/auth?"))
        #expect(away.location.contains("code_challenge_method=S256"))
        #expect(away.cookies.count == 1)
        #expect(away.cookies[0].hasPrefix("__Host-gatehouse-sign-in="))
        #expect(away.cookies[0].contains("; HttpOnly; Secure; SameSite=Lax"))
        #expect(harness.store.created.withLock { $0 } == 0)
    }

    @Test func aSecondTabKeepsTheFirstTabsCookie() async throws {
        let harness = try Harness()
        var browser = Browser()
        browser.take(try #require(await harness.decide("/one", browser).redirection).cookies)
        #expect(try #require(await harness.decide("/two", browser).redirection).cookies.isEmpty)
    }

    @Test func signedInPeopleReachTheApplicationWithTheirIdentity() async throws {
        let harness = try Harness()
        var browser = Browser()
        #expect(try await harness.signIn(&browser) == Harness.home + "/page?x=1")
        let accepted = try #require(await harness.decide("/page", browser).accepted)
        #expect(accepted.headersToSet.contains(.init(name: "kubeflow-userid", value: "admin@example.com")))
        #expect(accepted.headersToSet.contains(.init(name: "kubeflow-groups", value: "admins,team-a")))
        #expect(accepted.metadata["user"] == "admin@example.com")
    }

    @Test func theAssertionVerifiesWithThePublishedKeys() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        func assertion() async throws -> String {
            let accepted = try #require(await harness.decide("/page", browser).accepted)
            return try #require(accepted.headersToSet.first { $0.name == "x-gatehouse-assertion" }).value
        }
        let first = try await assertion()
        let token = try JSONWebSignature(compact: first)
        let keys = try JSONReader.read(Array(await harness.decide("/_gatehouse/jwks").bodyText.utf8))
        let key = try #require(JSONWebKeySet(json: keys)?.key(id: token.keyID, algorithm: .es256))
        #expect(token.isSigned(by: key, algorithm: .es256))
        #expect(token.claims["email"] == "admin@example.com")
        #expect(try await assertion() == first)
        harness.advance(201)
        #expect(try await assertion() != first)
    }

    @Test(
        arguments: [
            ("GET", [("sec-fetch-mode", "cors"), ("accept", "text/html")]), ("GET", [("accept", "application/json")]),
            ("GET", []),
            ("GET", [("accept", "text/html"), ("x-requested-with", "XMLHttpRequest")]),
            ("GET", [("accept", "text/html"), ("upgrade", "websocket")]), ("POST", [("accept", "text/html")]),
            ("GET", [("accept", "text/html"), ("content-type", "application/grpc-web")]),
        ] as [(String, [(String, String)])])
    func programsAreToldInsteadOfRedirected(method: String, headers: [(String, String)]) async throws {
        let harness = try Harness()
        var browser = Browser()
        browser.headers = headers.map { (name: $0.0, value: $0.1) }
        let decision = await harness.decide("/page?a=b", browser, method: method)
        let response = try #require(decision.rejection).response
        #expect(response.status == 401)
        #expect(response.headers.first("www-authenticate") != nil)
        let json = try JSONReader.read(response.body)
        #expect(json.object?["error"] == "login_required")
        #expect(json.object?["sign_in"] == .string(Harness.home + "/_gatehouse/sign-in?rd=%2Fpage%3Fa%3Db"))
    }

    @Test func aRuleCanAskFor401() async throws {
        #expect(try await Harness().decide("/api/x").rejection?.response.status == 401)
    }

    @Test(arguments: ["/payroll/", "/payroll"])
    func thoseWhoMayNotPassAreRefusedWithAReference(path: String) async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let decision = await harness.decide(path, browser)
        #expect(decision.rejection?.response.status == 403)
        #expect(decision.bodyText.contains("admin@example.com"))
    }

    @Test func nobodyMeansNobody() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/internal/x", browser).rejection?.response.status == 403)
        #expect(await harness.decide("/internal/x").rejection?.response.status == 403)
    }

    @Test func openPagesGetNoIdentity() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        browser.headers.append((name: "Kubeflow_Userid", value: "forged"))
        let accepted = try #require(await harness.decide("/public/x", browser).accepted)
        #expect(accepted.headersToSet.isEmpty)
        #expect(
            Set(accepted.headersToRemove) == ["kubeflow-userid", "kubeflow-groups", "x-gatehouse-assertion", "kubeflow_userid"])
    }

    @Test(arguments: [
        ("/public/../admin/", "admin"), ("/public/%2e%2e/admin/", "admin"), ("//admin/", "admin"), ("/%61dmin/", "admin"),
        ("/admin/?x=/public/", "admin"), ("/public/..%2fadmin/", "400"), ("/admin%00", "400"), ("/public/..;/admin/", "400"),
        ("/public\\..\\admin", "400"), ("/public/%5c../admin", "400"), ("/public/%zz", "400"), ("public/", "400"), ("", "400"),
        ("/admin;x/y", "400"), ("/admin;/", "400"), ("/;x/admin/", "400"), ("/a/;/../admin/", "400"),
        ("/public/x;y=1/../../admin/", "admin"), ("/dex/..%2fadmin/", "400"),
        ("/dex/../admin/", "admin"), ("/_gatehouse/../admin/", "admin"),
    ])
    func thePathIsReadOnce(target: String, outcome: String) async throws {
        let harness = try Harness()
        harness.provider.script.withLock { $0.claims["groups"] = ["team-b"] }
        var browser = Browser()
        try await harness.signIn(&browser)
        let status = try #require(await harness.decide(target, browser).rejection).response.status
        #expect(status == (outcome == "admin" ? 403 : 400))
    }

    @Test(arguments: ["a@b", "", "a b", "app.example.com,evil", "app.example.com:99999", "é.example.com"])
    func aHostThatCannotBeReadIsRefused(authority: String) async throws {
        var browser = Browser()
        browser.authority = authority
        #expect(try await Harness().decide("/public/x", browser).rejection?.response.status == 400)
    }

    @Test(arguments: ["APP.example.com", "app.example.com.", "app.example.com:443"])
    func aHostHasOneReading(authority: String) async throws {
        var browser = Browser()
        browser.authority = authority
        let away = try #require(try await Harness().decide("/page", browser).redirection)
        #expect(away.location.hasPrefix(ScriptedProvider.issuer))
    }

    @Test func theProvidersOwnPagesAreOpenWithoutIdentity() async throws {
        let harness = try Harness()
        let accepted = try #require(await harness.decide("/dex/auth?x=1").accepted)
        #expect(accepted.headersToSet.isEmpty)
        var elsewhere = Browser()
        elsewhere.authority = "other.example.net"
        #expect(await harness.decide("/dex/auth", elsewhere).redirection != nil)
        #expect(await harness.decide("/dexter").redirection != nil)
    }

    @Test func aGatewayThatCannotCarryPagesLetsOwnEndpointsPassWithoutIdentity() async throws {
        let harness = try Harness()
        var browser = Browser()
        try await harness.signIn(&browser)
        let accepted = try #require(
            await harness.decide(browser.request("/_gatehouse/sign-out"), carriesPages: false).accepted)
        #expect(accepted.headersToSet.isEmpty)
    }

    @Test func anUnknownOwnEndpointNeverReachesTheApplication() async throws {
        #expect(try await Harness().decide("/_gatehouse/nothing").rejection?.response.status == 404)
        #expect(try await Harness().decide("/_gatehouse").rejection?.response.status == 404)
        #expect(try await Harness().decide("/_gatehouse/callback", method: "DELETE").rejection?.response.status == 405)
    }

    @Test func aMessageThatCannotBeReadIsRefusedWithAReference() throws {
        let check = UnreadableCheck(status: 431, error: "invalid_request", reason: "too many")
        let response = try #require(try Harness().authorizer.refuse(check).rejection).response
        #expect(response.status == 431)
        #expect(try JSONReader.read(response.body).object?["reference"]?.string?.utf8.count == 10)
    }

    @Test func aHostWithoutOurCookiesSignsInAtHome() async throws {
        var browser = Browser()
        browser.authority = "10.0.0.1:8080"
        let away = try #require(try await Harness().decide("/page", browser).redirection)
        #expect(away.location == Harness.home + "/_gatehouse/sign-in?rd=%2Fpage")
        #expect(away.cookies.isEmpty)
    }

    @Test func hostsUnderTheCookieDomainShareTheSignIn() async throws {
        let harness = try Harness(cookieDomains: ["example.com"])
        var browser = Browser()
        browser.authority = "grafana.example.com"
        let away = try #require(await harness.decide("/boards", browser).redirection)
        browser.take(away.cookies)
        #expect(away.cookies[0].contains("; Domain=example.com"))
        browser.authority = "app.example.com"
        let back = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
        #expect(back.location == "https://grafana.example.com/boards")
        browser.take(back.cookies)
        browser.authority = "grafana.example.com"
        #expect(await harness.decide("/boards", browser).accepted != nil)
    }

    @Test func everyCookieDomainHasItsOwnHomeAndSession() async throws {
        let harness = try Harness(cookieDomains: ["example.com", "example.net"])
        for (host, home, domain) in [
            ("grafana.example.com", "app.example.com", "example.com"), ("wiki.example.net", "other.example.net", "example.net"),
        ] {
            var browser = Browser()
            browser.authority = host
            let away = try #require(await harness.decide("/boards", browser).redirection)
            browser.take(away.cookies)
            #expect(away.cookies[0].contains("; Domain=\(domain)"))
            #expect(away.location.contains("redirect_uri=https%3A%2F%2F\(home)%2F"))
            browser.authority = home
            let back = try #require(await harness.decide(try harness.callback(for: away), browser).redirection)
            #expect(back.location == "https://\(host)/boards")
            browser.take(back.cookies)
            browser.authority = host
            #expect(await harness.decide("/boards", browser).accepted != nil)
            browser.authority = host == "wiki.example.net" ? "app.example.com" : "other.example.net"
            #expect(await harness.decide("/boards", browser).accepted == nil)
        }
    }
}
