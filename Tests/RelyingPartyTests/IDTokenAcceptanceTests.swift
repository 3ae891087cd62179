import JOSE
import OpenIDConnect
import RelyingParty
import Testing

struct IDTokenAcceptanceTests {
    private static let now = MovableClock.start.seconds

    static let lawful: [[String: JSONValue]] = [
        [:],
        ["aud": ["gatehouse"]],
        ["aud": ["gatehouse", "other"], "azp": "gatehouse"],
        ["azp": "gatehouse"],
        ["exp": .integer(now - 59)],
        ["exp": .number(Double(now + 600))],
        ["exp": .number(Double(now) + 600.5), "iat": .number(Double(now) - 0.25), "nbf": .number(Double(now) - 1.75)],
        ["exp": .integer(.max)],
        ["iat": .integer(now + 60)],
        ["nbf": .integer(now + 60)],
        ["sub": .string(String(repeating: "s", count: 255))],
        ["at_hash": .string(IDTokenRefusalTests.hash("access-1")), "c_hash": .string(IDTokenRefusalTests.hash("code-1"))],
    ]

    @Test(arguments: lawful)
    func isAccepted(_ changes: [String: JSONValue]) async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        let outcome = await setup.signIn { claims in
            var claims = claims
            for (name, value) in changes { claims[name] = value }
            return try JSONWebSignature.sign(claims, type: "JWT", with: key)
        }
        #expect(outcome.refusal == nil && outcome.signedIn != nil)
    }

    @Test(arguments: SignatureAlgorithm.allCases)
    func everyAlgorithmVerifiesWithItsHashes(_ algorithm: SignatureAlgorithm) async throws {
        let setup = try SignInSetup(algorithm: algorithm)
        let key = setup.provider.key
        let outcome = await setup.signIn { claims in
            var claims = claims
            claims["at_hash"] = .string(TokenHash.of(Secret(utf8: "access-1"), algorithm: algorithm))
            return try JSONWebSignature.sign(claims, type: "JWT", with: key)
        }
        #expect(outcome.signedIn != nil)
    }

    /// The example of OpenID Connect Core §A.3 and §A.4.
    @Test func hashIsTheSpecifications() {
        let token = Secret(utf8: "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y")
        #expect(TokenHash.of(token, algorithm: .rs256) == "77QmUPtjPfzWtF2AnpK9RQ")
        let code = Secret(utf8: "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk")
        #expect(TokenHash.of(code, algorithm: .rs256) == "LDktKdoQak3Pk0cnXxCltA")
    }

    @Test func kidIsNotNeededWithOneKey() async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        let outcome = await setup.signIn { try ForgedToken.signed(header: #"{"alg":"ES256"}"#, claims: $0, by: key) }
        #expect(outcome.signedIn != nil)
    }

    @Test func claimsAreTakenApart() async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        let outcome = await setup.signIn { claims in
            var claims = claims
            claims["auth_time"] = .integer(Self.now - 5)
            claims["acr"] = "mfa"
            claims["amr"] = ["pwd", "otp"]
            claims["sid"] = "session-1"
            return try JSONWebSignature.sign(claims, type: "JWT", with: key)
        }
        let token = try #require(outcome.signedIn?.idToken)
        #expect(token.issuer == setup.provider.issuer && token.subject == "user-1" && token.audience == ["gatehouse"])
        #expect(token.expiresAt.seconds == Self.now + 600 && token.issuedAt.seconds == Self.now)
        #expect(token.authTime?.seconds == Self.now - 5 && token.acr == "mfa")
        #expect(token.amr == ["pwd", "otp"] && token.sid == "session-1")
        #expect(token.claims.members.map(\.name) == ["email", "groups"])
    }
}
