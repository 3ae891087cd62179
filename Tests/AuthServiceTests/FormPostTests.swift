import AuthService
import JOSE
import RelyingParty
import Synchronization
import Testing
import Web

/// `response_mode=form_post`: the reply comes without the browser's cookie, and still counts for that browser only.
struct FormPostTests {
    private let harness: Harness

    init() throws { harness = try Harness(client: { $0.authorization.responseMode = .formPost }) }

    /// The form of another site: no cookie goes with it.
    private func posted(_ callback: String, type: String = "application/x-www-form-urlencoded") -> WebRequest {
        let parts = callback.split(separator: "?", maxSplits: 1).map(String.init)
        var request = Browser().request(parts[0], method: "POST")
        request.headers.add("content-type", type)
        request.headers.add("sec-fetch-site", "cross-site")
        request.body = Array((parts.count > 1 ? parts[1] : "").utf8)
        return request
    }

    private func away(_ browser: inout Browser) async throws -> Redirection {
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        return away
    }

    /// The target of the redirect that answers the form.
    private func carried(_ decision: Decision) throws -> String {
        let redirection = try #require(decision.redirection)
        #expect(redirection.status == 303 && redirection.cookies.isEmpty)
        #expect(redirection.location.hasPrefix(Harness.home + "/_gatehouse/callback?reply="))
        return String(redirection.location.dropFirst(Harness.home.count))
    }

    @Test func theFormSignsIn() async throws {
        var browser = Browser()
        let away = try await away(&browser)
        #expect(away.location.contains("response_mode=form_post"))
        let next = try carried(await harness.decide(posted(try harness.callback(for: away, code: "secret-code"))))
        #expect(!next.contains("secret-code"))
        let back = try #require(await harness.decide(next, browser).redirection)
        browser.take(back.cookies)
        #expect(back.location == Harness.home + "/page")
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func theFormOfAnotherBrowsersSignInSignsNobodyIn() async throws {
        var attacker = Browser()
        let next = try carried(await harness.decide(posted(try harness.callback(for: try await away(&attacker)))))
        var victim = Browser()
        _ = try await away(&victim)
        #expect(await harness.decide(next, victim).redirection?.location.hasPrefix(ScriptedProvider.issuer) == true)
        #expect(harness.store.created.withLock { $0 } == 0)
    }

    @Test func whatTheFormBroughtCannotWait() async throws {
        var browser = Browser()
        let next = try carried(await harness.decide(posted(try harness.callback(for: try await away(&browser)))))
        harness.advance(121)
        #expect(await harness.decide(next, browser).rejection?.response.status == 400)
    }

    @Test(arguments: ["application/json", "text/plain", "multipart/form-data"])
    func otherBodiesAreRefused(type: String) async throws {
        var browser = Browser()
        let callback = try harness.callback(for: try await away(&browser))
        #expect(await harness.decide(posted(callback, type: type)).rejection?.response.status == 400)
    }

    @Test(arguments: ["code=x&state=junk", "code=x", "", "%zz", "code=" + String(repeating: "x", count: 6000)])
    func formsThatNobodyAskedForAreRefused(form: String) async throws {
        var request = posted("/_gatehouse/callback?" + form)
        request.body = request.body.isEmpty ? [0x26] : request.body
        #expect(await harness.decide(request).rejection?.response.status == 400)
    }

    @Test func aFormWhereTheAddressWasAskedForIsRefused() async throws {
        let harness = try Harness()
        var browser = Browser()
        let away = try #require(await harness.decide("/page", browser).redirection)
        browser.take(away.cookies)
        #expect(await harness.decide(posted(try harness.callback(for: away))).rejection?.response.status == 400)
    }

    /// A gateway that asks without the body sends the form on to the web listener.
    @Test func aFormWithoutItsBodyGoesToTheWebListener() async throws {
        var request = posted("/_gatehouse/callback")
        request.body = []
        let accepted = try #require(await harness.decide(request).accepted)
        #expect(!accepted.headersToSet.contains { $0.name == "kubeflow-userid" })
        #expect(await harness.authorizer.answerOwnEndpoint(request)?.status == 400)
    }
}
