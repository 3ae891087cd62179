import JOSE
import OpenIDProvider
import Testing
import Web

/// How clients prove who they are (G7–G12).
struct ClientAuthenticationTests {
    /// What a proven client is told about a code that nobody has.
    private func answer(_ provider: TestProvider, _ fields: [String: String], _ headers: HeaderList = [:]) async -> String? {
        await provider.token(TestProvider.codeRequest("unknown").merging(fields) { $1 }, as: headers).error
    }

    @Test(arguments: [TestKeys.right, TestKeys.rsa, TestKeys.edwards])
    func aSignedAssertionIsTaken(key: SigningKey) async throws {
        let provider = try TestProvider()
        #expect(try await answer(provider, provider.assertion("signer", key: key)) == "invalid_grant")
    }

    @Test(arguments: [
        TestProvider.issuer, TestProvider.issuer + "/token", TestProvider.issuer + "/revoke", TestProvider.issuer + "/par",
    ])
    func itMayBeForTheIssuerOrAnEndpoint(audience: String) async throws {
        let provider = try TestProvider()
        let assertion = try provider.assertion("signer", ["aud": .strings(["https://else.example.com", audience])])
        #expect(await answer(provider, assertion) == "invalid_grant")
    }

    static let wrong: [(String, [String: JSONValue?])] = [
        ("other audience", ["aud": "https://else.example.com"]), ("no audience", ["aud": nil]),
        ("audience with a slash", ["aud": .string(TestProvider.issuer + "/")]), ("other issuer", ["iss": "app"]),
        ("no issuer", ["iss": nil]), ("no subject", ["sub": nil]), ("other subject", ["sub": "app"]),
        ("no expiry", ["exp": nil]), ("expired", ["exp": 1_799_999_940]), ("far expiry", ["exp": 1_800_003_661]),
        ("huge expiry", ["exp": .number(1e300)]), ("text as expiry", ["exp": "1800000060"]), ("no id", ["jti": nil]),
        ("empty id", ["jti": ""]), ("long id", ["jti": .string(String(repeating: "j", count: 256))]),
        ("from the future", ["iat": 1_800_000_061]), ("not valid yet", ["nbf": 1_800_000_061]),
    ]

    @Test(arguments: wrong)
    func oneThingWrong(name: String, change: [String: JSONValue?]) async throws {
        let provider = try TestProvider()
        #expect(try await answer(provider, provider.assertion("signer", change)) == "invalid_client", "\(name)")
    }

    @Test func anAssertionWorksOnce() async throws {
        let provider = try TestProvider()
        let assertion = try provider.assertion("signer")
        #expect(await answer(provider, assertion) == "invalid_grant")
        #expect(await answer(provider, assertion) == "invalid_client")
    }

    @Test func ofManyAtTheSameInstantOneWorks() async throws {
        let provider = try TestProvider()
        let assertion = try provider.assertion("signer")
        let answers = await withTaskGroup(of: String?.self) { group in
            for _ in 0..<16 { group.addTask { await answer(provider, assertion) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count { $0 == "invalid_grant" } == 1)
    }

    @Test func keysOfOthersAndSecretsDoNotCount() async throws {
        let provider = try TestProvider()
        #expect(try await answer(provider, provider.assertion("signer", key: TestKeys.foreign)) == "invalid_client")
        let modulus = Secret(JSONValue.object(TestKeys.right.published.key.members).jsonBytes)
        #expect(try await answer(provider, provider.assertion("signer", secret: modulus)) == "invalid_client")
        #expect(try await answer(provider, provider.assertion("signer", type: "at+jwt")) == "invalid_client")
    }

    @Test func aSharedSecretMakesAssertions() async throws {
        let provider = try TestProvider()
        let right = try provider.assertion("sealed", secret: TestProvider.sharedSecret)
        #expect(await answer(provider, right) == "invalid_grant")
        #expect(try await answer(provider, provider.assertion("sealed", secret: Secret(utf8: "wrong"))) == "invalid_client")
        #expect(try await answer(provider, provider.assertion("sealed", secret: Secret([]))) == "invalid_client")
        #expect(try await answer(provider, provider.assertion("sealed")) == "invalid_client")
        let basic = TestProvider.basic("sealed", TestProvider.sharedSecret.text)
        #expect(await answer(provider, [:], basic) == "invalid_client")
    }

    @Test(arguments: [
        ("first", "invalid_grant"), ("second", "invalid_grant"), ("third", "invalid_client"), ("", "invalid_client"),
    ])
    func secretsThatAreStoredHashed(secret: String, error: String) async throws {
        #expect(await answer(try TestProvider(), [:], TestProvider.basic("hashed", secret)) == error)
    }

    @Test func onlyTheRegisteredWayIsTaken() async throws {
        let provider = try TestProvider()
        #expect(await answer(provider, ["client_id": "poster", "client_secret": "posted"]) == "invalid_grant")
        #expect(await answer(provider, [:], TestProvider.basic("poster", "posted")) == "invalid_client")
        #expect(try await answer(provider, provider.assertion("poster")) == "invalid_client")
        #expect(await answer(provider, ["client_id": "signer"]) == "invalid_client")
    }

    @Test(arguments: ["client_id", "client_assertion_type", "client_assertion"])
    func aMalformedAssertionIsRefused(field: String) async throws {
        let provider = try TestProvider()
        var fields = try provider.assertion("signer")
        fields[field] = "other"
        #expect(await answer(provider, fields) == "invalid_client")
    }
}
