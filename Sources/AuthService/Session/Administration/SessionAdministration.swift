package import Accounts
package import JOSE
package import Web

/// The administration's `sessions`: `GET /api/sessions[?user=]`, `GET /api/sessions/{id}`, and
/// `POST /api/sessions/revoke?id=|user=|all=true`. Who may ask is the caller's to see to.
package struct SessionAdministration: Sendable {
    private let sessions: Sessions
    private let revocations: UpstreamRevocations
    private let audit: AuditLog
    private let randomness: Randomness
    private let endUpstream: (@Sendable (EndedSession) async -> Void)?

    /// - Parameter endUpstream: as `AuthServiceParts.endUpstream`.
    package init(
        sessions: Sessions, revocations: UpstreamRevocations, audit: AuditLog, randomness: Randomness,
        endUpstream: (@Sendable (EndedSession) async -> Void)? = nil
    ) {
        self.sessions = sessions
        self.revocations = revocations
        self.audit = audit
        self.randomness = randomness
        self.endUpstream = endUpstream
    }

    /// More are not listed at once.
    private static let maximumListed = 1000

    /// - Parameter path: what follows `/api/sessions`: empty, or `/` and more.
    package func answer(method: String, path: String, query: String) async -> WebResponse {
        guard let fields = FormFields(query: query), fields.repeatedName == nil else {
            return .problem(400, "the query cannot be read")
        }
        do throws(StoreFailure) {
            switch (method, path) {
            case ("GET", ""): return try await list(fields)
            case ("POST", "/revoke"): return try await revoke(fields)
            case ("GET", _): return try await show(handle: String(path.dropFirst()))
            default:
                var response = WebResponse.problem(405, "GET lists and shows, POST to /api/sessions/revoke revokes")
                response.headers.add("allow", path == "/revoke" ? "POST" : "GET")
                return response
            }
        } catch {
            return .problem(503, error.detail)
        }
    }

    private func list(_ fields: FormFields) async throws(StoreFailure) -> WebResponse {
        let found = try await sessions.list(fields.first("user").map { .named($0) } ?? .all, limit: Self.maximumListed)
        return .json(["sessions": .array(found.map(\.listing))])
    }

    private func show(handle: String) async throws(StoreFailure) -> WebResponse {
        guard let prefix = SessionKey.prefix(handle: handle),
            let session = try await sessions.list(.handle(prefix), limit: 1).first
        else { return .problem(404, "there is no such session") }
        return .json(session.listing)
    }

    private func revoke(_ fields: FormFields) async throws(StoreFailure) -> WebResponse {
        guard let selection = Self.selection(fields) else {
            return .problem(400, "say which: one of `id`, `user` and `all=true`")
        }
        let ended = try await sessions.endAll(selection)
        await revocations.revoke(ended)
        for session in ended { await endUpstream?(session) }
        let what = sessions.areInCookies ? "sessions in cookies" : "\(ended.count) sessions"
        var event = AuditEvent(
            kind: .revocation, reference: Reference(randomness: randomness), reason: "an administrator ended \(what)")
        if case .named(let user) = selection { event.subject = String(user.prefix(256)) }
        audit.record(event)
        // Nobody knows how many sessions there are in cookies.
        return .json(["revoked": sessions.areInCookies ? .null : .integer(Int64(ended.count))])
    }

    private static func selection(_ fields: FormFields) -> SessionSelection? {
        switch (fields.first("id"), fields.first("user"), fields.first("all")) {
        case (let handle?, nil, nil): SessionKey.prefix(handle: handle).map { .handle($0) }
        case (nil, let user?, nil): user.isEmpty ? nil : .named(user)
        case (nil, nil, "true"): .all
        default: nil
        }
    }
}

extension WebResponse {
    fileprivate static func problem(_ status: Int, _ what: String) -> WebResponse {
        .json(["error": .string(what)], status: status)
    }
}
