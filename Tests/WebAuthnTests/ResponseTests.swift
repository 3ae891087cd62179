import JOSE
import Testing
import WebAuthn

/// What a browser's script posts.
struct ResponseTests {
    private static let assertion: JSONValue = [
        "type": "public-key", "id": "AQID", "rawId": "AQID",
        "response": ["clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "MAA", "userHandle": "CQgH"],
    ]

    private func changed(_ value: JSONValue, _ path: [String], _ new: JSONValue?) -> JSONValue {
        guard var members = value.object, let name = path.first else { return value }
        members[name] = path.count == 1 ? new : members[name].map { changed($0, Array(path.dropFirst()), new) }
        return .object(members)
    }

    @Test func readsAnAssertion() throws {
        let response = try #require(AssertionResponse(json: Self.assertion))
        #expect(response.credentialID == [1, 2, 3] && response.clientDataJSON == Array("{}".utf8))
        #expect(response.authenticatorData == [0, 0, 0] && response.signature == [0x30, 0] && response.userHandle == [9, 8, 7])
        let anonymous = AssertionResponse(json: changed(Self.assertion, ["response", "userHandle"], .null))
        #expect(anonymous != nil && anonymous?.userHandle == nil)
    }

    @Test(
        arguments: [
            (["type"], "password"), (["type"], nil), (["rawId"], nil), (["rawId"], ""), (["rawId"], "AQ="), (["rawId"], 7),
            (["response"], nil), (["response"], []), (["response", "clientDataJSON"], nil), (["response", "signature"], "!"),
            (["response", "authenticatorData"], true), (["response", "userHandle"], "A"),
            (["rawId"], .string(String(repeating: "A", count: 1366))),
        ] as [([String], JSONValue?)])
    func readsNothingElse(path: [String], value: JSONValue?) {
        #expect(AssertionResponse(json: changed(Self.assertion, path, value)) == nil)
    }

    @Test func readsARegistration() {
        let json: JSONValue = [
            "type": "public-key", "rawId": "AQID", "response": ["clientDataJSON": "e30", "attestationObject": "oA"],
        ]
        #expect(RegistrationResponse(json: json)?.attestationObject == [0xA0])
        for path in [["type"], ["rawId"], ["response"], ["response", "clientDataJSON"], ["response", "attestationObject"]] {
            #expect(RegistrationResponse(json: changed(json, path, nil)) == nil)
            #expect(RegistrationResponse(json: changed(json, path, 1)) == nil)
        }
    }

    @Test func asksForWhatThePolicySays() {
        let options = CreationOptions(
            policy: TestAuthenticator.policy, challenge: [1], userHandle: [2], userName: "ada@example.com", displayName: "Ada",
            excluded: [[3]])
        #expect(
            options.json.jsonText.contains(
                #""pubKeyCredParams":[{"type":"public-key","alg":-7},{"type":"public-key","alg":-8},{"type":"public-key","alg":-257}]"#
            ))
        #expect(options.json.object?["attestation"] == "none")
        #expect(options.json.object?["excludeCredentials"] == [["type": "public-key", "id": "Aw"]])
        let request = RequestOptions(policy: TestAuthenticator.policy.verifyingUser, challenge: [1], allowed: [[3]])
        #expect(request.json.object?["userVerification"] == "required")
        #expect(request.json.object?["rpId"] == "login.example.com")
    }
}
