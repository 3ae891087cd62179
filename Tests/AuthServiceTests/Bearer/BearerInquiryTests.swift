import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct BearerInquiryTests {
    private func setup() throws -> BearerSetup { try BearerSetup(introspects: true) }

    private func activate(_ token: String, _ setup: BearerSetup, _ change: (inout JSONObject) -> Void = { _ in }) {
        var claims = setup.issuer.claims
        claims["active"] = true
        change(&claims)
        setup.issuer.script.withLock { [claims] in $0.active[token] = claims }
    }

    @Test func anAnswerIsKeptForAMinute() async throws {
        let setup = try setup()
        activate("opaque", setup)
        #expect(await setup.status("opaque") == 200)
        setup.issuer.script.withLock { $0.active = [:] }
        setup.harness.advance(59)
        #expect(await setup.status("opaque") == 200)
        setup.harness.advance(1)
        #expect(await setup.status("opaque") == 401)
    }

    @Test func aRefusalIsKeptForHalfAMinute() async throws {
        let setup = try setup()
        #expect(await setup.status("opaque") == 401)
        activate("opaque", setup)
        setup.harness.advance(29)
        #expect(await setup.status("opaque") == 401)
        setup.harness.advance(1)
        #expect(await setup.status("opaque") == 200)
        #expect(setup.issuer.count("/introspect") == 2)
    }

    @Test func anOutageIsNotKept() async throws {
        let setup = try setup()
        activate("opaque", setup)
        activate("another", setup)
        #expect(await setup.status("another") == 200)
        setup.issuer.script.withLock { $0.isDown = true }
        #expect(await setup.status("opaque") == 503)
        setup.issuer.script.withLock { $0.isDown = false }
        #expect(await setup.status("opaque") == 200)
    }

    @Test func manyBadTokensFromOneNetworkHaveToWait() async throws {
        let setup = try setup()
        for number in 0..<60 { #expect(await setup.status("bad-\(number)") == 401) }
        let answer = try #require(await setup.send(token: "bad-60").response)
        #expect(answer.status == 429 && answer.headers.first("retry-after") == "1")
        #expect(setup.issuer.count("/introspect") == 60)
        // Tokens that need no question go on to count.
        #expect(await setup.status(try setup.issuer.token()) == 200)
        setup.harness.advance(2)
        #expect(await setup.status("bad-61") == 401)
    }

    @Test func aTokenThatAnInquiryBindsToAKeyIsNoMereBearer() async throws {
        let setup = try setup()
        activate("opaque", setup) { $0["cnf"] = ["jkt": "x"] }
        #expect(await setup.status("opaque") == 401)
    }
}
