import JOSE
import OpenIDConnect
import RelyingParty
import Testing

/// Each forged or wrong ID token ends the sign-in at the check that is meant for it.
struct IDTokenRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let check: String
        let token: @Sendable (_ claims: JSONObject, _ key: SigningKey) throws -> String?

        init(
            _ name: String, check: String,
            token: @escaping @Sendable (_ claims: JSONObject, _ key: SigningKey) throws -> String?
        ) {
            testDescription = name
            self.check = check
            self.token = token
        }

        /// A well-signed token whose claims are not right; `nil` takes a claim away.
        init(_ name: String, check: String, _ changes: [String: JSONValue?]) {
            self.init(name, check: check) { claims, key in
                var claims = claims
                for (name, value) in changes { claims[name] = value }
                return try JSONWebSignature.sign(claims, type: "JWT", with: key)
            }
        }
    }

    static let forgeries: [Case] = [
        Case("no ID token", check: "id_token") { _, _ in nil },
        Case("alg none", check: "alg") { claims, _ in ForgedToken.unsigned(claims) },
        Case("alg None", check: "alg") { claims, _ in ForgedToken.unsigned(claims, alg: "None") },
        Case("HS256 with the public key", check: "alg") { ForgedToken.keyedWithPublicKey($0, key: $1) },
        Case("no alg", check: "alg") { try ForgedToken.signed(header: #"{"kid":"\#($1.id)"}"#, claims: $0, by: $1) },
        Case("alg of another kind of key", check: "kid") { claims, key in
            try ForgedToken.signed(header: #"{"alg":"RS256","kid":"\#(key.id)"}"#, claims: claims, by: key)
        },
        Case("unknown kid", check: "kid") { claims, key in
            try ForgedToken.signed(header: #"{"alg":"ES256","kid":"other"}"#, claims: claims, by: key)
        },
        Case("another key under the right kid", check: "signature") { claims, key in
            try ForgedToken.signed(
                header: #"{"alg":"ES256","kid":"\#(key.id)"}"#, claims: claims, by: SigningKey.generate(.es256))
        },
        Case("another key without kid", check: "signature") { claims, _ in
            try ForgedToken.signed(header: #"{"alg":"ES256"}"#, claims: claims, by: SigningKey.generate(.es256))
        },
        Case("embedded jwk", check: "signature") { claims, key in
            let own = try SigningKey.generate(.es256)
            let header = #"{"alg":"ES256","kid":"\#(key.id)","jwk":\#(own.published.json.jsonText)}"#
            return try ForgedToken.signed(header: header, claims: claims, by: own)
        },
        Case("jku", check: "kid") { claims, _ in
            let own = try SigningKey.generate(.es256)
            let header = #"{"alg":"ES256","kid":"\#(own.id)","jku":"https://evil.example/keys"}"#
            return try ForgedToken.signed(header: header, claims: claims, by: own)
        },
        Case("claims changed after signing", check: "signature") { claims, key in
            var other = claims
            other["email"] = "bob@example.com"
            let parts = try JSONWebSignature.sign(claims, type: "JWT", with: key).split(separator: ".")
            return "\(parts[0]).\(Base64URL.encode(JSONValue.object(other).jsonBytes)).\(parts[2])"
        },
        Case("an access token", check: "typ") { try JSONWebSignature.sign($0, type: "at+jwt", with: $1) },
        Case("a logout token", check: "typ") { try JSONWebSignature.sign($0, type: "application/logout+JWT", with: $1) },
        Case("crit header", check: "form") { claims, key in
            try ForgedToken.signed(header: #"{"alg":"ES256","kid":"\#(key.id)","crit":["exp"]}"#, claims: claims, by: key)
        },
        Case("duplicate claim", check: "form") { claims, key in
            let payload = JSONValue.object(claims).jsonText.dropLast() + #","sub":"admin"}"#
            return try ForgedToken.signed(header: #"{"alg":"ES256","kid":"\#(key.id)"}"#, payload: String(payload), by: key)
        },
        Case("duplicate alg", check: "form") { claims, key in
            try ForgedToken.signed(header: #"{"alg":"none","alg":"ES256","kid":"\#(key.id)"}"#, claims: claims, by: key)
        },
        Case("five parts", check: "form") { try JSONWebSignature.sign($0, type: "JWT", with: $1) + ".AA.AA" },
        Case("two parts", check: "form") { claims, _ in String(ForgedToken.unsigned(claims).dropLast()) },
        Case("empty", check: "form") { _, _ in "" },
        Case("base64 tail bit", check: "form") {
            ForgedToken.withTailBit(try JSONWebSignature.sign($0, type: "JWT", with: $1))
        },
        Case("base64 padding", check: "form") { try JSONWebSignature.sign($0, type: "JWT", with: $1) + "==" },
        Case("100 KB", check: "form", ["padding": .string(String(repeating: "x", count: 100_000))]),
    ]

    private static let now = MovableClock.start.seconds

    static let wrongClaims: [Case] = [
        Case("no iss", check: "iss", ["iss": nil]),
        Case("iss with a slash added", check: "iss", ["iss": "https://issuer.example/dex/"]),
        Case("iss in upper case", check: "iss", ["iss": "https://ISSUER.example/dex"]),
        Case("no sub", check: "sub", ["sub": nil]),
        Case("empty sub", check: "sub", ["sub": ""]),
        Case("sub of 256 characters", check: "sub", ["sub": .string(String(repeating: "s", count: 256))]),
        Case("numeric sub", check: "sub", ["sub": 7]),
        Case("sub beyond ASCII", check: "sub", ["sub": "us\u{E9}r"]),
        Case("sub with a line break", check: "sub", ["sub": "user\r\n1"]),
        Case("no aud", check: "aud", ["aud": nil]),
        Case("another aud", check: "aud", ["aud": "other"]),
        Case("aud list without us", check: "aud", ["aud": ["other", "another"]]),
        Case("aud list with a number", check: "aud", ["aud": ["gatehouse", 1]]),
        Case("empty aud list", check: "aud", ["aud": []]),
        Case("aud list without azp", check: "azp required", ["aud": ["gatehouse", "other"]]),
        Case("aud list with another's azp", check: "azp", ["aud": ["gatehouse", "other"], "azp": "other"]),
        Case("another's azp", check: "azp", ["azp": "other"]),
        Case("azp is a list", check: "azp", ["azp": ["gatehouse"]]),
        Case("no exp", check: "exp", ["exp": nil]),
        Case("exp is null", check: "exp", ["exp": .null]),
        Case("exp 1e300", check: "exp", ["exp": .number(1e300)]),
        Case("exp -1e300", check: "exp", ["exp": .number(-1e300)]),
        Case("expired by a fraction beyond the skew", check: "exp", ["exp": .number(Double(now) - 59.5)]),
        Case("exp beyond 64 bits", check: "exp", ["exp": .number(1e19)]),
        Case("iat in the future by a fraction", check: "iat", ["iat": .number(Double(now) + 61.5)]),
        Case("exp is a text", check: "exp", ["exp": .string("\(now + 600)")]),
        Case("exp is true", check: "exp", ["exp": true]),
        Case("expired beyond the skew", check: "exp", ["exp": .integer(now - 60)]),
        Case("exp is the smallest number", check: "exp", ["exp": .integer(.min)]),
        Case("no iat", check: "iat", ["iat": nil]),
        Case("iat in the future", check: "iat", ["iat": .integer(now + 61)]),
        Case("iat is the largest number", check: "iat", ["iat": .integer(.max)]),
        Case("iat is the smallest number", check: "iat", ["iat": .integer(.min)]),
        Case("iat two days ago", check: "iat", ["iat": .integer(now - 2 * 86400)]),
        Case("nbf in the future", check: "nbf", ["nbf": .integer(now + 61)]),
        Case("nbf is a text", check: "nbf", ["nbf": "0"]),
        Case("no nonce", check: "nonce", ["nonce": nil]),
        Case("another nonce", check: "nonce", ["nonce": "nonce-2"]),
        Case("nonce is a list", check: "nonce", ["nonce": ["nonce-1"]]),
        Case("wrong at_hash", check: "at_hash", ["at_hash": .string(hash("access-2"))]),
        Case("at_hash is a number", check: "at_hash", ["at_hash": 1]),
        Case("wrong c_hash", check: "c_hash", ["c_hash": .string(hash("code-2"))]),
        Case("auth_time is a text", check: "auth_time", ["auth_time": "yesterday"]),
        Case("auth_time in the future", check: "auth_time", ["auth_time": .integer(now + 61)]),
    ]

    static func hash(_ text: String) -> String { TokenHash.of(Secret(utf8: text), algorithm: .es256) }

    @Test(arguments: forgeries + wrongClaims)
    func isRefused(_ forged: Case) async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        let outcome = await setup.signIn { try forged.token($0, key) }
        #expect(outcome.refusedCheck == forged.check)
    }

    @Test func everyCheckHasACase() {
        let tried = Set((Self.forgeries + Self.wrongClaims).map(\.check) + ["acr"])
        #expect(IDTokenValidation.checks.map(\.name).filter { !tried.contains($0) } == [])
    }

    @Test func megabyteIsNotRead() async throws {
        let setup = try SignInSetup()
        let outcome = await setup.signIn { _ in String(repeating: "x", count: 1 << 20) }
        #expect(outcome.failure?.kind == .tooLarge)
    }

    @Test(arguments: [(299, nil), (300 + 60, "auth_time")] as [(Int64, String?)])
    func maxAgeIsHeld(age: Int64, check: String?) async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        let outcome = await setup.signIn(maxAge: 300) { claims in
            var claims = claims
            claims["auth_time"] = .integer(Self.now - age)
            return try JSONWebSignature.sign(claims, type: "JWT", with: key)
        }
        #expect(outcome.refusedCheck == check)
    }

    @Test(arguments: [("mfa", nil), ("phr", nil), ("pwd", "acr"), (nil, "acr"), (["mfa"], "acr")] as [(JSONValue?, String?)])
    func acrValuesAreHeld(acr: JSONValue?, check: String?) async throws {
        let setup = try SignInSetup()
        let key = setup.provider.key
        setup.provider.change { script in
            script.idToken = { claims in
                var claims = claims
                claims["acr"] = acr
                return try JSONWebSignature.sign(claims, type: "JWT", with: key)
            }
        }
        #expect(await setup.relyingParty().signIn(acrValues: ["mfa", "phr"]).refusedCheck == check)
        #expect(await setup.relyingParty { $0.authorization.acrValues = ["mfa", "phr"] }.signIn().refusedCheck == check)
    }

    @Test func maxAgeNeedsAuthTime() async throws {
        let setup = try SignInSetup()
        #expect(await setup.relyingParty().signIn(maxAge: 300).refusedCheck == "auth_time")
    }

    @Test func algorithmThatTheProviderDoesNotOfferIsRefused() async throws {
        let setup = try SignInSetup()
        setup.provider.change { $0.metadata["id_token_signing_alg_values_supported"] = ["RS256"] }
        #expect(await setup.relyingParty().signIn().refusedCheck == "alg")
    }

    @Test func algorithmThatTheClientDoesNotTakeIsRefused() async throws {
        let setup = try SignInSetup()
        let outcome = await setup.relyingParty { $0.algorithms = [.rs256] }.signIn()
        #expect(outcome.refusedCheck == "alg")
    }
}
