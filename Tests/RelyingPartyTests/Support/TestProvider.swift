import JOSE
import OpenIDConnect
import RelyingParty
import Synchronization
import Web

/// A provider for tests: answers discovery, keys, token and userinfo requests as its script says, and remembers what it was asked.
final class TestProvider: Sendable {
    struct Script: Sendable {
        var issuer = "https://issuer.example/dex"
        /// In place of, or beside, the usual members of the metadata.
        var metadata = JSONObject()
        var publishedKeys: [SigningKey]
        /// The ID token, from the usual claims; `nil`: the reply has none.
        var idToken: @Sendable (_ claims: JSONObject) throws -> String?
        /// In place of the token endpoint's usual reply.
        var tokenReply: WebResponse?
        /// Replies of the token endpoint that come before, in this order.
        var tokenReplies: [WebResponse] = []
        /// Of the token endpoint's usual reply.
        var tokenType = "Bearer"
        var pushedReply = TestProvider.json(["request_uri": "urn:example:1", "expires_in": 60], status: 201)
        /// By path below the issuer, in place of what is there.
        var documents: [String: WebResponse] = [:]
        var userinfoReply = TestProvider.json(["sub": "user-1"])
        /// Paths below the issuer that answer 503.
        var pathsDown: Set<String> = []
        var requests: [WebRequest] = []
    }

    private let script: Mutex<Script>
    let key: SigningKey
    private let clock: WallClock

    init(clock: WallClock, algorithm: SignatureAlgorithm = .es256) throws {
        let key = try SigningKey.generate(algorithm)
        self.key = key
        self.clock = clock
        script = Mutex(Script(publishedKeys: [key], idToken: { try JSONWebSignature.sign($0, type: "JWT", with: key) }))
    }

    var issuer: String { script.withLock { $0.issuer } }
    var requests: [WebRequest] { script.withLock { $0.requests } }

    /// Changes what comes next.
    func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

    /// The requests for a path below the issuer.
    func requests(_ path: String) -> [WebRequest] {
        let base = EndpointPath(issuer)?.path ?? ""
        return requests.filter { sameBytes($0.path, base + path) }
    }

    /// How often a path below the issuer was asked for.
    func count(_ path: String) -> Int {
        let target = EndpointPath(issuer)?.path ?? ""
        return requests.count { sameBytes($0.path, target + path) }
    }

    func respond(_ request: WebRequest) -> WebResponse {
        script.withLock { script in
            script.requests.append(request)
            let base = EndpointPath(script.issuer)?.path ?? ""
            let path = String(request.path.dropFirst(base.count))
            guard !script.pathsDown.contains(path) else { return WebResponse(status: 503) }
            if let document = script.documents[path] { return document }
            if path == "/token", !script.tokenReplies.isEmpty { return script.tokenReplies.removeFirst() }
            switch path {
            case "/par": return script.pushedReply
            case "/.well-known/openid-configuration": return Self.json(.object(metadata(script)))
            case "/keys": return Self.json(JSONWebKeySet(keys: script.publishedKeys.map(\.published)).json)
            case "/token": return script.tokenReply ?? tokens(script)
            case "/userinfo": return script.userinfoReply
            default: return WebResponse(status: 404)
            }
        }
    }

    /// What an honest provider would put into the ID token of `RelyingParty.signIn(at:)`.
    func claims(issuer: String) -> JSONObject {
        JSONObject([
            ("iss", .string(issuer)), ("sub", "user-1"), ("aud", "gatehouse"), ("nonce", "nonce-1"),
            ("exp", .integer(clock.now.adding(600).seconds)), ("iat", .integer(clock.now.seconds)),
            ("email", "admin@example.com"), ("groups", ["admins"]),
        ])
    }

    static func json(_ value: JSONValue, status: Int = 200) -> WebResponse {
        WebResponse(status: status, headers: ["content-type": "application/json; charset=utf-8"], body: value.jsonBytes)
    }

    private func metadata(_ script: Script) -> JSONObject {
        var members = JSONObject([
            ("issuer", .string(script.issuer)), ("authorization_endpoint", .string(script.issuer + "/auth")),
            ("token_endpoint", .string(script.issuer + "/token")), ("jwks_uri", .string(script.issuer + "/keys")),
            ("userinfo_endpoint", .string(script.issuer + "/userinfo")),
            ("id_token_signing_alg_values_supported", ["ES256", "RS256", "EdDSA", "PS256", "HS256", "none"]),
        ])
        for member in script.metadata.members { members[member.name] = member.value }
        return members
    }

    private func tokens(_ script: Script) -> WebResponse {
        var reply = JSONObject([
            ("access_token", "access-1"), ("token_type", .string(script.tokenType)), ("refresh_token", "refresh-1"),
        ])
        reply["id_token"] = (try? script.idToken(claims(issuer: script.issuer)))?.map { .string($0) }
        return Self.json(.object(reply))
    }
}

/// The path of an absolute URL.
private struct EndpointPath {
    let path: String

    init?(_ url: String) {
        guard let origin = Origin(url) else { return nil }
        path = String(url.dropFirst(origin.description.count))
    }
}
