import JOSE
import Web

/// The parameters of an authorization request as one signed text (RFC 9101): nobody on the way can change them.
struct RequestObject {
    let client: ProviderClient
    let clock: WallClock
    let randomness: Randomness

    private static let life: Int64 = 300

    /// What the browser carries: the request object, and beside it what OpenID Connect Core §6.1 wants in clear.
    func parameters(
        of request: [(name: String, value: String)]
    ) throws(UpstreamFailure) -> [(name: String, value: String)] {
        let plain = request.filter { ["client_id", "response_type", "scope"].contains($0.name) }
        return plain + [(name: "request", value: try signed(request))]
    }

    private func signed(_ request: [(name: String, value: String)]) throws(UpstreamFailure) -> String {
        guard let key = client.clientKey else { throw UpstreamFailure(.unreachable, "there is no key to sign requests with") }
        let header = JSONObject([("kid", .string(key.id)), ("typ", "oauth-authz-req+jwt")])
        guard let token = try? JSONWebSignature.sign(claims(request), header: header, with: key.key) else {
            throw UpstreamFailure(.unreachable, "the request object could not be signed")
        }
        return token
    }

    private func claims(_ request: [(name: String, value: String)]) -> JSONObject {
        let now = clock.now
        var claims = JSONObject([
            ("iss", .string(client.clientID)), ("aud", .string(client.issuer)), ("jti", .string(randomness.token(16))),
            ("iat", .integer(now.seconds)), ("nbf", .integer(now.seconds)), ("exp", .integer(now.adding(Self.life).seconds)),
        ])
        for parameter in request where !Self.own.contains(parameter.name) {
            let value = Self.value(parameter)
            switch claims[parameter.name] {
            case nil: claims[parameter.name] = value
            case .array(let values): claims[parameter.name] = .array(values + [value])
            case let first?: claims[parameter.name] = .array([first, value])
            }
        }
        return claims
    }

    private static let own: Set = ["iss", "aud", "jti", "iat", "nbf", "exp", "sub"]

    /// Numbers are numbers in a request object (OpenID Connect Core §6.1).
    private static func value(_ parameter: (name: String, value: String)) -> JSONValue {
        guard sameBytes(parameter.name, "max_age"), let number = Int64(parameter.value) else { return .string(parameter.value) }
        return .integer(number)
    }
}
