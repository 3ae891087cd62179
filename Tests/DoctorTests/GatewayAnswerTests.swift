import Doctor
import JOSE
import Testing

/// What comes back for a path where nobody has anything.
struct GatewayAnswerTests {
    private static func json(_ status: Int, _ members: KeyValuePairs<String, String>) -> GatewayAnswer {
        GatewayAnswer(status: status, members: JSONObject(members.map { (name: $0.key, value: .string($0.value)) }))
    }

    private static let home = "https://apps.example.com/_gatehouse"

    @Test(arguments: [
        // As Gatehouse refuses, and as nginx writes it for us.
        (json(401, ["error": "login_required", "sign_in": "https://apps.example.com/"]), true),
        (json(401, ["error": "login_required"]), true),
        (json(401, ["error": "invalid_token", "reference": "abc"]), true),
        (json(403, ["error": "access_denied"]), true),
        (GatewayAnswer(status: 302, location: home + "/sign-in?rd=%2F"), true),
        (
            GatewayAnswer(
                status: 302,
                location: "https://sso.example.com/?redirect_uri=https%3A%2F%2Fapps.example.com%2F_gatehouse%2Fcallback"), true
        ),
        // Our web listener, to which everything is led.
        (json(404, ["error": "not_found", "reference": "abc"]), false),
        // Applications.
        (GatewayAnswer(status: 200), false), (GatewayAnswer(status: 404), false), (GatewayAnswer(status: 401), false),
        (json(401, ["error": "unauthorized"]), false),
        (GatewayAnswer(status: 302, location: "https://apps.example.com/login"), false),
        (GatewayAnswer(status: 302, location: "https://evil.example.com/?rd=" + home + "/"), false),
        (json(503, ["error": "temporarily_unavailable", "reference": "abc"]), false),
    ])
    func onlyOurRefusalCounts(answer: GatewayAnswer, isOurs: Bool) {
        #expect(answer.isOurRefusal(homes: [Self.home]) == isOurs)
    }
}
