import AuthService
import JOSE
import Testing
import Web

struct BoundTokenTests {
    private let key: SigningKey

    init() throws { key = try SigningKey.generate(.es256) }

    private var jwk: JSONValue { .object(key.published.key.members) }

    private func proof(_ setup: BearerSetup, _ token: String, jti: String = "1", _ change: (inout JSONObject) -> Void = { _ in })
        throws
        -> String
    {
        var claims = JSONObject([
            ("jti", .string(jti)), ("htm", "GET"), ("htu", "https://app.example.com/page"),
            ("iat", .integer(setup.issuer.clock.now.seconds)), ("ath", .string(Base64URL.encode(sha256(token.utf8)))),
        ])
        change(&claims)
        let header: JSONValue = ["typ": "dpop+jwt", "alg": "ES256", "jwk": jwk]
        let message = Base64URL.encode(header.jsonBytes) + "." + Base64URL.encode(JSONValue.object(claims).jsonBytes)
        return message + "." + Base64URL.encode(try key.sign(Array(message.utf8)))
    }

    private func token(_ setup: BearerSetup) throws -> String {
        try setup.issuer.token { $0["cnf"] = ["jkt": .string(key.published.key.thumbprint)] }
    }

    private func send(_ setup: BearerSetup, _ token: String, _ proofs: String...) async -> Decision {
        await setup.send("DPoP \(token)", headers: proofs.map { (name: "dpop", value: $0) })
    }

    @Test func aProofLetsItIn() async throws {
        let setup = try BearerSetup()
        let token = try token(setup)
        #expect(await send(setup, token, try proof(setup, token)).status == 200)
    }

    @Test func aProofCountsOnceAsLongAsItLives() async throws {
        let setup = try BearerSetup()
        let token = try token(setup)
        let used = try proof(setup, token) { $0["iat"] = .integer(setup.issuer.clock.now.adding(60).seconds) }
        #expect(await send(setup, token, used).status == 200)
        for _ in 0..<12 {
            setup.harness.advance(10)
            #expect(await send(setup, token, used).status == 401)
        }
    }

    @Test func twoFieldsAreRefused() async throws {
        let setup = try BearerSetup()
        let token = try token(setup)
        #expect(await send(setup, token, try proof(setup, token), try proof(setup, token, jti: "2")).status == 401)
    }

    @Test func aBoundTokenIsNoMereBearerAlsoWhenSeenBefore() async throws {
        let setup = try BearerSetup()
        let token = try token(setup)
        #expect(await send(setup, token, try proof(setup, token)).status == 200)
        #expect(await setup.status(token) == 401)
    }

    @Test func onlyBoundTokensWhereThePolicySaysSo() async throws {
        let setup = try BearerSetup { $0.binding = .required }
        #expect(await setup.status(try setup.issuer.token()) == 401)
        let token = try token(setup)
        #expect(await send(setup, token, try proof(setup, token)).status == 200)
    }
}
