import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// The provider's own notices of sign-out, from server to server and through the browser.
struct LogoutNoticeTests {
    private func post(_ token: String?, to harness: Harness) async -> Decision {
        var request = Browser().request("/_gatehouse/backchannel-logout", method: "POST")
        request.headers = ["content-type": "application/x-www-form-urlencoded"]
        if let token { request.body = Array("logout_token=\(token)".utf8) }
        return await harness.decide(request)
    }

    private func signedIn(_ harness: Harness) async throws -> Browser {
        var browser = Browser()
        try await harness.signIn(&browser)
        #expect(await harness.decide("/page", browser).accepted != nil)
        return browser
    }

    /// `sid`, `sub`, or both.
    @Test(arguments: [("sid-1", nil), (nil, "user-1"), ("sid-1", "user-1")] as [(String?, String?)])
    func aNoticeEndsTheSessionFromTheNextRequestOn(sid: String?, subject: String?) async throws {
        let harness = try Harness()
        let browser = try await signedIn(harness)
        let token = try harness.provider.logoutToken { claims in
            claims["sid"] = sid.map { .string($0) }
            claims["sub"] = subject.map { .string($0) }
        }
        #expect(await post(token, to: harness).page?.status == 200)
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test(arguments: [("sid-2", nil), (nil, "user-2"), ("sid-1", "user-2")] as [(String?, String?)])
    func otherSessionsGoOn(sid: String?, subject: String?) async throws {
        let harness = try Harness()
        let browser = try await signedIn(harness)
        let token = try harness.provider.logoutToken { claims in
            claims["sid"] = sid.map { .string($0) }
            claims["sub"] = subject.map { .string($0) }
        }
        #expect(await post(token, to: harness).page?.status == 200)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test func aNoticeCountsOnce() async throws {
        let harness = try Harness()
        _ = try await signedIn(harness)
        let token = try harness.provider.logoutToken()
        #expect(await post(token, to: harness).page?.status == 200)
        let browser = try await signedIn(harness)
        let again = try #require(await post(token, to: harness).rejection)
        #expect(again.response.status == 400)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    @Test(arguments: LogoutTokenFault.allCases)
    func aTokenThatIsNotOneEndsNothing(fault: LogoutTokenFault) async throws {
        let harness = try Harness()
        let browser = try await signedIn(harness)
        let refused = try #require(await post(try fault.token(harness.provider), to: harness).rejection)
        #expect(refused.response.status == 400)
        #expect(String(decoding: refused.response.body, as: UTF8.self).contains(fault.rawValue))
        #expect(await harness.decide("/page", browser).accepted != nil)
    }

    /// Most checks carry none: the gateway's own route leads to the web listener, which has it.
    @Test func aBodyThatDidNotComeIsFetchedByTheWebListener() async throws {
        let accepted = try #require(await post(nil, to: try Harness()).accepted)
        #expect(accepted.headersToSet.isEmpty)
    }

    @Test(arguments: ["", "a&logout_token=b", "b&x"])
    func aFormWithoutOneTokenIsRefused(token: String) async throws {
        #expect(await post(token, to: try Harness()).rejection?.response.status == 400)
    }

    @Test func aStoreThatIsAwayMayBeAskedAgain() async throws {
        let harness = try Harness()
        _ = try await signedIn(harness)
        let token = try harness.provider.logoutToken()
        harness.store.isDown.withLock { $0 = true }
        #expect(await post(token, to: harness).rejection?.response.status == 503)
        harness.store.isDown.withLock { $0 = false }
        #expect(await post(token, to: harness).page?.status == 200)
    }

    @Test func theProvidersFrameEndsTheSessionThatItNames() async throws {
        let harness = try Harness()
        let browser = try await signedIn(harness)
        let query = QueryString([("iss", ScriptedProvider.issuer), ("sid", "sid-1")]).encoded
        let frame = try #require(await harness.decide("/_gatehouse/frontchannel-logout?\(query)").page)
        #expect(frame.status == 200)
        #expect(
            frame.headers.first("content-security-policy") == "default-src 'none'; frame-ancestors https://issuer.example")
        #expect(frame.headers.first("x-frame-options") == nil)
        #expect(await harness.decide("/page", browser).accepted == nil)
    }

    @Test(arguments: [
        "", "?sid=sid-1", "?iss=https%3A%2F%2Fissuer.example", "?iss=https%3A%2F%2Fissuer.example%2F&sid=sid-1",
        "?iss=https%3A%2F%2Fissuer.example&sid=", "?iss=https%3A%2F%2Fissuer.example&sid=sid-1&sid=sid-1",
    ])
    func aFrameThatDoesNotSayWhichSessionEndsNone(query: String) async throws {
        let harness = try Harness()
        let browser = try await signedIn(harness)
        #expect(await harness.decide("/_gatehouse/frontchannel-logout\(query)", browser).rejection?.response.status == 400)
        #expect(await harness.decide("/page", browser).accepted != nil)
    }
}

/// One fault each; the raw value is what the refusal says.
enum LogoutTokenFault: String, CaseIterable, Sendable {
    case algorithmNone = "alg: not an algorithm"
    case type = "typ: another kind of token"
    case otherIssuer = "of no provider and client that are configured"
    case iatMissing = "iat: missing"
    case iatOld = "iat: too long ago"
    case iatFuture = "iat: in the future"
    case expired = "exp: in the past"
    case expHuge = "exp: not a whole number of seconds"
    case nobody = "sub or sid: neither is there"
    case sidEmpty = "sub or sid: not 1 to 255 bytes of text"
    case noEvents = "events: not the event of a sign-out"
    case nonce = "nonce: there is one"
    case noID = "jti: not 1 to 255 bytes of text"
    case otherKey = "kid: the issuer has no such key"
    case signature = "signature: not the issuer's"

    func token(_ provider: ScriptedProvider) throws -> String {
        let now = try #require(JSONWebSignature(compact: provider.logoutToken()).claims["iat"]?.integer)
        switch self {
        case .algorithmNone:
            let header = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8))
            return "\(header).\(try provider.logoutToken().split(separator: ".")[1])."
        case .type: return try provider.logoutToken(type: "at+jwt")
        case .otherIssuer: return try provider.logoutToken { $0["iss"] = "https://other.example" }
        case .iatMissing: return try provider.logoutToken { $0["iat"] = nil }
        case .iatOld: return try provider.logoutToken { $0["iat"] = .integer(now - 3600) }
        case .iatFuture: return try provider.logoutToken { $0["iat"] = .integer(now + 3600) }
        case .expired: return try provider.logoutToken { $0["exp"] = .integer(now - 61) }
        case .expHuge: return try provider.logoutToken { $0["exp"] = .string("1e300") }
        case .nobody: return try provider.logoutToken { $0["sid"] = nil }
        case .sidEmpty: return try provider.logoutToken { $0["sid"] = "" }
        case .noEvents: return try provider.logoutToken { $0["events"] = [:] }
        case .nonce: return try provider.logoutToken { $0["nonce"] = "n" }
        case .noID: return try provider.logoutToken { $0["jti"] = nil }
        case .otherKey:
            let claims = try JSONWebSignature(compact: provider.logoutToken()).claims
            return try JSONWebSignature.sign(claims, type: "logout+jwt", with: SigningKey.generate(.es256))
        case .signature:
            let parts = try provider.logoutToken().split(separator: ".")
            let other = try provider.logoutToken { $0["jti"] = "another" }.split(separator: ".")
            return "\(parts[0]).\(parts[1]).\(other[2])"
        }
    }
}
