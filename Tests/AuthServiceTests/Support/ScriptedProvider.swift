import JOSE
import OpenIDConnect
import RelyingParty
import Synchronization
import Web

/// A provider that signs in whoever the test says, and answers codes as the test says.
final class ScriptedProvider: ProviderExchange {
    static let issuer = "https://issuer.example"

    struct Script: Sendable {
        var claims: JSONObject = JSONObject([
            ("sub", "user-1"), ("sid", "sid-1"), ("email", "admin@example.com"), ("email_verified", true), ("name", "Admin"),
            ("groups", ["admins", "team-a"]),
        ])
        var nonce = ""
        /// Beside the usual metadata, or in their place.
        var metadata = JSONObject()
        var refusesCode = false
        var isDown = false
        var tokenRequests = 0
        /// The `scope` of the token reply.
        var scope: String?
        var accessToken = "at"
        /// The audience and the subject token of each token exchange.
        var exchanges: [(audience: String, subject: String)] = []
        /// Beside the usual members of the reply to an exchange, or in their place; `nil` takes one away.
        var exchangeChanges: [String: JSONValue?] = [:]
        /// In place of a token.
        var exchangeError: String?
        var exchangeIsDown = false
        /// What came to the revocation endpoint.
        var revoked: [String] = []
    }

    let script = Mutex(Script())
    private let key: SigningKey
    private let clock: WallClock
    let issuer: String

    init(clock: WallClock, issuer: String = ScriptedProvider.issuer) throws {
        self.clock = clock
        self.issuer = issuer
        key = try SigningKey.generate(.es256)
    }

    func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        let script = script.withLock { $0 }
        guard !script.isDown else { throw UpstreamFailure(.unreachable, "down") }
        switch request.url {
        case issuer + "/.well-known/openid-configuration": return Self.json(.object(metadata(script)))
        case issuer + "/keys": return Self.json(JSONWebKeySet(keys: [key.published]).json)
        case issuer + "/token":
            let fields = FormFields(query: String(decoding: request.body, as: UTF8.self))
            if fields?.first("grant_type")?.hasSuffix("token-exchange") ?? false { return try await exchanged(fields) }
            self.script.withLock { $0.tokenRequests += 1 }
            guard !script.refusesCode else { return Self.json(["error": "invalid_grant"], status: 400) }
            return Self.json(tokens(script))
        case issuer + "/revoke":
            self.script.withLock { $0.revoked.append(String(decoding: request.body, as: UTF8.self)) }
            return ProviderResponse(status: 200)
        default: return Self.json(["error": "not_found"], status: 404)
        }
    }

    private func metadata(_ script: Script) -> JSONObject {
        var members = JSONObject([
            ("issuer", .string(issuer)), ("authorization_endpoint", .string(issuer + "/auth")),
            ("token_endpoint", .string(issuer + "/token")), ("jwks_uri", .string(issuer + "/keys")),
            ("end_session_endpoint", .string(issuer + "/logout")), ("id_token_signing_alg_values_supported", ["ES256"]),
            ("revocation_endpoint", .string(issuer + "/revoke")),
            ("token_endpoint_auth_methods_supported", ["client_secret_basic"]),
        ])
        for member in script.metadata.members { members[member.name] = member.value }
        return members
    }

    private func tokens(_ script: Script) -> JSONValue {
        var claims = script.claims
        let now = clock.now
        claims["iss"] = .string(issuer)
        claims["aud"] = "gatehouse"
        claims["iat"] = .integer(now.seconds)
        claims["exp"] = .integer(now.adding(600).seconds)
        claims["nonce"] = .string(script.nonce)
        let token = (try? JSONWebSignature.sign(claims, type: "JWT", with: key)) ?? ""
        var reply = JSONObject([
            ("access_token", .string(script.accessToken)), ("token_type", "Bearer"), ("id_token", .string(token)),
            ("refresh_token", "rt"),
        ])
        reply["scope"] = script.scope.map { .string($0) }
        return .object(reply)
    }

    /// Takes a moment, so that others can come meanwhile.
    private func exchanged(_ fields: FormFields?) async throws(UpstreamFailure) -> ProviderResponse {
        let (number, script) = self.script.withLock { script in
            script.exchanges.append((fields?.first("audience") ?? "", fields?.first("subject_token") ?? ""))
            return (script.exchanges.count, script)
        }
        try? await Task.sleep(for: .milliseconds(20))
        if script.exchangeIsDown { throw UpstreamFailure(.timeout, "too slow") }
        if let error = script.exchangeError { return Self.json(["error": .string(error)], status: 400) }
        var reply = JSONObject([
            ("access_token", .string("token-\(number)")), ("token_type", "Bearer"), ("expires_in", 300),
            ("issued_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ])
        for (name, value) in script.exchangeChanges { reply[name] = value }
        return Self.json(.object(reply))
    }

    /// A notice of sign-out (Back-Channel Logout §2.4) of the session `sid-1`, changed as a test wishes.
    func logoutToken(type: String = "logout+jwt", _ change: (inout JSONObject) -> Void = { _ in }) throws -> String {
        var claims = JSONObject([
            ("iss", .string(issuer)), ("aud", "gatehouse"), ("iat", .integer(clock.now.seconds)), ("jti", "notice-1"),
            ("sid", "sid-1"), ("events", ["http://schemas.openid.net/event/backchannel-logout": [:]]),
        ])
        change(&claims)
        return try JSONWebSignature.sign(claims, type: type, with: key)
    }

    private static func json(_ value: JSONValue, status: Int = 200) -> ProviderResponse {
        ProviderResponse(status: status, headers: ["content-type": "application/json"], body: value.jsonBytes)
    }
}
