import AuthService
import JOSE
import Settings
import Web

/// The administration's API below `/api` on the admin listener, and who may use it: whoever has the token, or, without one, whoever
/// reaches a listener that is bound to loopback. Never a browser: one that visits a bad page must not end sessions.
struct AdminAPI: Sendable {
    /// `nil` where this process is no auth service.
    let sessions: SessionAdministration?
    /// `nil` where nobody may have personal tokens.
    let tokens: TokenAdministration?
    /// `nil` where this process is no provider.
    let keys: KeyAdministration?
    /// By the first segment of their path below `/api`.
    let resources: [String: @Sendable (AdminRequest) async -> WebResponse]
    let token: Secret?
    /// Whether the listener can be reached from this machine only.
    let isLocal: Bool

    /// - Parameters:
    ///   - host: the `host` header, `nil` where there is none.
    /// - Returns: `nil` for paths that are not below `/api`.
    func answer(
        method: String, path: String, query: String, headers: HeaderList, body: [UInt8] = []
    ) async -> WebResponse? {
        guard path.hasPrefix("/api/") else { return nil }
        if let refusal = refusal(headers) { return refusal }
        // Whoever writes `user=` for all that are of nobody means something else.
        if Self.methods.contains(method), let empty = FormFields(query: query)?.fields.first(where: \.value.isEmpty) {
            return Self.problem(400, "the parameter `\(empty.name.prefix(64))` is empty")
        }
        let rest = path.dropFirst("/api".count)
        if let sessions, rest == "/sessions" || rest.hasPrefix("/sessions/") {
            return await sessions.answer(method: method, path: String(rest.dropFirst("/sessions".count)), query: query)
        }
        if let tokens, rest == "/tokens" || rest.hasPrefix("/tokens/") {
            return await tokens.answer(method: method, path: String(rest.dropFirst("/tokens".count)), query: query)
        }
        if let keys, rest == "/keys" || rest.hasPrefix("/keys/") {
            return await keys.answer(method: method, path: String(rest.dropFirst("/keys".count)), query: query)
        }
        let name = rest.dropFirst().prefix { $0 != "/" }
        if let resource = resources[String(name)] {
            let below = rest.dropFirst(name.count + 1)
            guard let request = AdminRequest(method: method, rest: below, query: query, body: body) else {
                return Self.problem(400, "the path or the query cannot be read")
            }
            return await resource(request)
        }
        return Self.problem(404, "there is no such thing here")
    }

    private func refusal(_ headers: HeaderList) -> WebResponse? {
        guard headers.first("origin") == nil, headers.first("sec-fetch-site") == nil else {
            return Self.problem(403, "this API is not for browsers")
        }
        if let token {
            guard let given = headers.first("authorization"), given.hasPrefix("Bearer "),
                Secret(utf8: given.dropFirst("Bearer ".count)).matches(token)
            else { return Self.problem(401, "the admin token is missing or wrong") }
            return nil
        }
        guard isLocal else {
            return Self.problem(403, "the admin listener is not on loopback: this API needs `listen.adminToken`")
        }
        // A name that somebody else's DNS points at loopback is how a page would get here.
        guard let host = headers.first("host").flatMap({ RequestHost($0)?.name }), Self.localNames.contains(host) else {
            return Self.problem(403, "ask for 127.0.0.1, [::1] or localhost")
        }
        return nil
    }

    private static let methods: Set = ["GET", "POST"]
    private static let localNames: Set = ["127.0.0.1", "[::1]", "::1", "localhost"]

    private static func problem(_ status: Int, _ what: String) -> WebResponse {
        var headers: HeaderList = ["content-type": "application/json", "cache-control": "no-store"]
        if status == 401 { headers.add("www-authenticate", "Bearer realm=\"gatehouse-admin\"") }
        let body: JSONValue = ["error": .string(what)]
        return WebResponse(status: status, headers: headers, body: body.jsonBytes)
    }
}
