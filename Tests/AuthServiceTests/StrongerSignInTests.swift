import AuthService
import JOSE
import Synchronization
import Testing
import Web

/// What was asked of the provider is held against its answer, whatever happens to the query in between.
struct StrongerSignInTests {
    private func outcome(_ query: String, _ claims: [String: JSONValue]) async throws -> Decision {
        let harness = try Harness()
        harness.provider.script.withLock { script in
            for (name, value) in claims { script.claims[name] = value }
        }
        var browser = Browser()
        let away = try #require(await harness.decide("/_gatehouse/sign-in?rd=/page&\(query)", browser).redirection)
        browser.take(away.cookies)
        return await harness.decide(try harness.callback(for: away), browser)
    }

    @Test(
        arguments: [
            ("acr_values=mfa", ["acr": "mfa"], true), ("acr_values=mfa%20phr", ["acr": "phr"], true),
            ("acr_values=mfa", ["acr": "pwd"], false), ("acr_values=mfa", [:], false),
            ("max_age=60", ["auth_time": 1_799_999_990], true), ("max_age=60", ["auth_time": 1_799_999_000], false),
            ("max_age=60", [:], false), ("max_age=0", ["auth_time": 1_800_000_000], true),
        ] as [(String, [String: JSONValue], Bool)])
    func theAnswerIsChecked(query: String, claims: [String: JSONValue], signsIn: Bool) async throws {
        let decision = try await outcome(query, claims)
        #expect((decision.redirection?.location == Harness.home + "/page") == signsIn)
        #expect((decision.rejection?.response.status == 400) == !signsIn)
    }
}
