import Accounts
import AuthService
import JOSE
import Synchronization
import Testing
import Web

struct BearerTokenTests {
    @Test func aRightTokenIsLetInWithItsIdentity() async throws {
        let setup = try BearerSetup()
        let accepted = try #require(await setup.send(token: try setup.issuer.token()).accepted)
        #expect(accepted.headersToSet.contains(.init(name: "kubeflow-userid", value: "robot@example.com")))
        #expect(accepted.metadata["subject"] == "robot")
    }

    @Test func seenBeforeNobodyIsAsked() async throws {
        let setup = try BearerSetup()
        let token = try setup.issuer.token()
        _ = await setup.status(token)
        setup.issuer.script.withLock { $0.isDown = true }
        #expect(await setup.status(token) == 200)
        #expect(setup.issuer.count("/keys") == 1)
    }

    @Test func seenBeforeTheAssertionIsTheSame() async throws {
        let setup = try BearerSetup()
        let token = try setup.issuer.token()
        let first = try #require(await setup.send(token: token).accepted)
        let second = try #require(await setup.send(token: token).accepted)
        #expect(first.grant === second.grant)
    }

    /// (seconds after which it expires, seconds of skew, seconds later, status)
    @Test(
        arguments: [(10, 0, 9, 200), (10, 0, 10, 401), (10, 0, 11, 401), (10, 5, 14, 200), (10, 5, 15, 401)]
            as [(Int64, Int64, Int64, Int)])
    func aTokenIsUsedUpAtItsExpiry(life: Int64, skew: Int64, later: Int64, status: Int) async throws {
        let setup = try BearerSetup { $0.clockSkew = skew }
        let token = try setup.issuer.token { $0["exp"] = .integer(setup.issuer.clock.now.adding(life).seconds) }
        #expect(await setup.status(token) == 200)
        setup.harness.advance(later)
        #expect(await setup.status(token) == status)
    }

    @Test func aKeyThatIsWithdrawnStopsToCount() async throws {
        let setup = try BearerSetup()
        let token = try setup.issuer.token()
        #expect(await setup.status(token) == 200)
        let other = try SigningKey.generate(.es256)
        setup.issuer.script.withLock { $0.keys = [other] }
        setup.harness.advance(601)
        #expect(await setup.status(token) == 401)
    }

    @Test func anIssuerThatIsAwayLocksNobodyOut() async throws {
        let setup = try BearerSetup()
        _ = await setup.status(try setup.issuer.token())
        setup.issuer.script.withLock { $0.isDown = true }
        setup.harness.advance(11 * 3600)
        #expect(await setup.status(try setup.issuer.token()) == 200)
        setup.harness.advance(2 * 3600)
        #expect(await setup.status(try setup.issuer.token()) == 503)
    }

    @Test func unknownKeysHaveTheKeysFetchedOnceAMinute() async throws {
        let setup = try BearerSetup()
        _ = await setup.status(try setup.issuer.token())
        for _ in 0..<20 {
            #expect(await setup.status(try setup.issuer.token(key: try SigningKey.generate(.es256))) == 401)
        }
        #expect(setup.issuer.count("/keys") == 2)
        setup.harness.advance(61)
        _ = await setup.status(try setup.issuer.token(key: try SigningKey.generate(.es256)))
        #expect(setup.issuer.count("/keys") == 3)
    }

    static let wrong: [(String, @Sendable (inout JSONObject) -> Void)] = [
        ("iss", { $0["iss"] = "https://other.example" }), ("aud", { $0["aud"] = ["a", "b"] }), ("aud types", { $0["aud"] = [1] }),
        ("exp", { $0["exp"] = nil }), ("nbf", { $0["nbf"] = 9_000_000_000 }), ("iat", { $0["iat"] = 9_000_000_000 }),
        ("nonce", { $0["nonce"] = "n" }), ("sub", { $0["sub"] = "" }), ("sub control", { $0["sub"] = "a\nb" }),
        ("email", { $0["email_verified"] = "false" }), ("events", { $0["events"] = [:] }), ("cnf", { $0["cnf"] = [:] }),
    ]

    @Test(arguments: wrong.map(\.0)) func aWrongClaimIsRefused(name: String) async throws {
        let change = try #require(Self.wrong.first { $0.0 == name }).1
        let setup = try BearerSetup()
        let answer = try #require(await setup.send(token: try setup.issuer.token(change)).response)
        #expect(answer.status == 401)
        #expect(answer.headers.first("www-authenticate")?.contains("error=\"invalid_token\"") ?? false)
    }

    @Test(arguments: [("at+jwt", 200), ("JWT", 401), ("logout+jwt", 401)])
    func accessTokensOnlyWhereThePolicySaysSo(type: String, status: Int) async throws {
        let setup = try BearerSetup { $0.tokenType = .accessToken }
        #expect(await setup.status(try setup.issuer.token(type: type)) == status)
    }

    @Test func idTokensWhereThePolicySaysSo() async throws {
        let setup = try BearerSetup { $0.takesIDTokens = true }
        #expect(await setup.status(try setup.issuer.token(type: "JWT") { $0["nonce"] = "n" }) == 200)
    }

    static let required: [(JSONValue?, Int)] = [
        ("acme", 200), ("umbrella", 200), (["x", "acme"], 200), ("Acme", 401), (nil, 401), (true, 401), (["x": "acme"], 401),
    ]

    @Test(arguments: required) func aRequiredClaimHasOneOfItsValues(value: JSONValue?, status: Int) async throws {
        let setup = try BearerSetup { $0.requiredClaims = [.init(path: ClaimPath("org.tenant"), values: ["acme", "umbrella"])] }
        let token = try setup.issuer.token { claims in
            claims["org"] = .object(JSONObject(value.map { [("tenant", $0)] } ?? []))
        }
        #expect(await setup.status(token) == status)
    }

    @Test(arguments: ["Bearer", "Bearer ", "Bearer a b", "Bearer a,b", "Bearer a=b", "bEaReR x", "Bearer é"])
    func whatIsNoTokenIsRefused(field: String) async throws {
        #expect(await (try BearerSetup()).send(field).status == 401)
    }

    @Test func theSchemesCaseDoesNotCount() async throws {
        let setup = try BearerSetup()
        #expect(await setup.send("bEARER \(try setup.issuer.token())").status == 200)
    }

    @Test func twoFieldsAreRefusedEvenIfBothAreGood() async throws {
        let setup = try BearerSetup()
        let token = try setup.issuer.token()
        _ = await setup.status(token)
        #expect(await setup.send("Bearer \(token)", "Bearer \(token)").status == 401)
        #expect(await setup.send("Digest x", "Bearer \(token)").status == 401)
    }

    @Test func aBadTokenCountsAsNoneWhereTheOptionSaysSo() async throws {
        let setup = try BearerSetup(onInvalid: .signIn)
        let navigation = [(name: "sec-fetch-mode", value: "navigate")]
        #expect(await setup.send("Bearer bad", headers: navigation).redirection != nil)
    }

    @Test func aPathForAnyoneLooksAtNoToken() async throws {
        #expect(await (try BearerSetup()).send("Bearer bad", target: "/public/x").status == 200)
    }

    @Test func groupsOfATokenCountInRules() async throws {
        let setup = try BearerSetup()
        let token = try setup.issuer.token()
        #expect(await setup.send("Bearer \(token)", target: "/admin/x").status == 200)
        #expect(await setup.send("Bearer \(token)", target: "/payroll/x").status == 403)
    }
}
