import AuthService
import JOSE
import RelyingParty
import Synchronization
import Web

/// An issuer of bearer tokens whose keys, answers and outages a test chooses; counts what it is asked.
final class ScriptedIssuer: ProviderExchange {
    static let issuer = "https://tokens.example"

    struct Script: Sendable {
        var keys: [SigningKey]
        var isDown = false
        /// What introspection says of a token.
        var active: [String: JSONObject] = [:]
        var requests: [String: Int] = [:]
    }

    let script: Mutex<Script>
    let key: SigningKey
    let clock: WallClock

    init(clock: WallClock) throws {
        self.clock = clock
        key = try SigningKey.generate(.es256)
        script = Mutex(Script(keys: [key]))
    }

    func count(_ path: String) -> Int { script.withLock { $0.requests[path] ?? 0 } }

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        let path = String(request.url.dropFirst(Self.issuer.count))
        let script = script.withLock { script in
            script.requests[path, default: 0] += 1
            return script
        }
        guard !script.isDown else { throw UpstreamFailure(.unreachable, "down") }
        switch path {
        case "/.well-known/openid-configuration":
            return Self.json([
                "issuer": .string(Self.issuer), "jwks_uri": .string(Self.issuer + "/keys"),
                "introspection_endpoint": .string(Self.issuer + "/introspect"),
            ])
        case "/keys": return Self.json(JSONWebKeySet(keys: script.keys.map(\.published)).json)
        case "/introspect":
            let token = FormFields(body: request.body)?.first("token") ?? ""
            return Self.json(script.active[token].map { .object($0) } ?? ["active": false])
        default: return Self.json([:], status: 404)
        }
    }

    private static func json(_ value: JSONValue, status: Int = 200) -> ProviderResponse {
        ProviderResponse(status: status, headers: ["content-type": "application/json"], body: value.jsonBytes)
    }

    /// What a right token says.
    var claims: JSONObject {
        JSONObject([
            ("iss", .string(Self.issuer)), ("sub", "robot"), ("aud", "gatehouse"), ("iat", .integer(clock.now.seconds)),
            ("exp", .integer(clock.now.adding(3600).seconds)), ("email", "robot@example.com"), ("email_verified", true),
            ("groups", ["admins"]),
        ])
    }

    func token(type: String = "at+jwt", key: SigningKey? = nil, _ change: (inout JSONObject) -> Void = { _ in }) throws -> String
    {
        var claims = claims
        change(&claims)
        return try JSONWebSignature.sign(claims, type: type, with: key ?? self.key)
    }

    func directory() -> IssuerDirectory {
        IssuerDirectory(issuer: Self.issuer, location: .discovery, exchange: self, clock: clock)
    }

    func policy() -> BearerPolicy { BearerPolicy(issuer: Self.issuer, audiences: ["gatehouse"]) }
}
