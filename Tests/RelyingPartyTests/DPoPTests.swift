import JOSE
import OpenIDConnect
import RelyingParty
import Testing
import Web

/// RFC 9449: tokens that only the holder of a key can use.
struct DPoPTests {
    private let setup: SignInSetup
    private let key: SigningKey

    init() throws {
        setup = try SignInSetup()
        key = try SigningKey.generate(.es256)
        setup.provider.change { $0.tokenType = "DPoP" }
    }

    private var party: RelyingParty {
        setup.relyingParty { client in
            client.dpopKey = key
            client.usesUserinfo = true
        }
    }

    private func proofs(_ path: String) throws -> [JSONWebSignature] {
        try setup.provider.requests(path).map { try JSONWebSignature(compact: try #require($0.headers.first("dpop"))) }
    }

    private static func needsNonce(_ status: Int) -> WebResponse {
        var response = TestProvider.json(["error": "use_dpop_nonce"], status: status)
        response.headers.add("dpop-nonce", "nonce-of-the-server")
        return response
    }

    @Test func everyRequestCarriesAProofOfItsOwn() async throws {
        #expect(await party.signIn().signedIn?.tokens.tokenType == .dpop)
        let token = try #require(try proofs("/token").first)
        let userinfo = try #require(try proofs("/userinfo").first)
        #expect(token.isSigned(by: key.published, algorithm: .es256) && token.type == "dpop+jwt")
        #expect(token.claims["htm"] == "POST" && token.claims["htu"] == .string(setup.provider.issuer + "/token"))
        #expect(userinfo.claims["htm"] == "GET" && userinfo.claims["htu"] == .string(setup.provider.issuer + "/userinfo"))
        #expect(userinfo.claims["ath"] == .string(Base64URL.encode(sha256("access-1".utf8))) && token.claims["ath"] == nil)
        #expect(token.claims["jti"] != userinfo.claims["jti"])
        #expect(setup.provider.requests("/userinfo").first?.headers.first("authorization") == "DPoP access-1")
    }

    @Test func theCodeIsBoundToTheKey() async throws {
        let url = try await party.authorizationURL(
            AuthorizationRequest(redirectURI: "https://app.example/cb", state: "s", nonce: "n", codeChallenge: "c"))
        #expect(url.contains("dpop_jkt=\(key.id)"))
    }

    @Test func theServersNonceIsUsedOnceMore() async throws {
        setup.provider.change { $0.tokenReplies = [Self.needsNonce(400)] }
        #expect(await party.signIn().signedIn != nil)
        #expect(try proofs("/token").map { $0.claims["nonce"] } == [nil, "nonce-of-the-server"])
    }

    @Test func aServerThatAlwaysWantsAnotherNonceIsAskedTwiceAtMost() async throws {
        setup.provider.change { $0.tokenReplies = [Self.needsNonce(400), Self.needsNonce(400), Self.needsNonce(400)] }
        #expect(await party.signIn().signedIn == nil)
        #expect(try proofs("/token").count == 2)
    }

    @Test func theNonceIsKeptForTheNextRequest() async throws {
        setup.provider.change { $0.tokenReplies = [Self.needsNonce(400)] }
        let party = party
        _ = await party.signIn()
        #expect(await party.signIn().signedIn != nil)
        #expect(try proofs("/token").last?.claims["nonce"] == "nonce-of-the-server")
    }

    @Test func aBearerTokenIsRefusedWhereABoundOneWasAsked() async throws {
        setup.provider.change { $0.tokenType = "Bearer" }
        #expect(await party.signIn().failure?.kind == .malformed)
    }

    @Test func aBoundTokenIsRefusedWhereNoneWasAsked() async throws {
        #expect(await setup.relyingParty().signIn().failure?.kind == .malformed)
    }

    @Test func refreshesCarryProofsToo() async throws {
        let party = party
        let signedIn = try #require(await party.signIn().signedIn)
        _ = await party.refresh(Secret(utf8: "refresh-1"), identity: signedIn.identity)
        #expect(try proofs("/token").count == 2)
    }
}
