import Accounts
import JOSE
import Web

/// The page `tokens`: one's own tokens, and how to make and revoke them. GET shows and asks, POST does. What a form says travels in the
/// query, since most gateways do not pass bodies on.
struct MyTokens: Sendable {
    private let parts: AuthServiceParts
    private let refusals: Refusals
    private let tokens: PersonalTokens
    private let confirmationKeys: SealingKeys

    /// `nil` where nobody may have personal tokens.
    init?(parts: AuthServiceParts, refusals: Refusals) {
        guard let tokens = parts.credentials.personalTokens else { return nil }
        self.parts = parts
        self.refusals = refusals
        self.tokens = tokens
        confirmationKeys = parts.sealingKeys.forPurpose("personal-tokens")
    }

    /// What is asked for, of `fields` that can be read.
    private enum Command: Sendable {
        case show
        case create(name: String, PersonalToken.Access, days: Int64)
        case revoke(id: String)
        case unreadable
    }

    private static let maximumNameBytes = 100

    func answer(_ request: WebRequest) async -> Decision {
        let origin = parts.addresses.place(of: request).origin
        switch await parts.session(of: request) {
        case .none:
            guard Caller(request) == .navigation else { return refusals.unauthenticated(request) }
            return .redirect(Redirection(location: parts.signInURL(at: origin, target: ownURL)))
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live(let session):
            do throws(StoreFailure) { return try await answer(request, session, origin) } catch {
                return refusals.unavailable(request, detail: error.detail)
            }
        }
    }

    private func answer(_ request: WebRequest, _ session: Session, _ origin: Origin) async throws(StoreFailure) -> Decision {
        let isConfirmed = sameBytes(request.method, "POST") && isConfirmed(request, session)
        switch (command(request), isConfirmed) {
        case (.unreadable, _): return refusals.malformed(request, reason: "the form's fields cannot be read")
        case (.create(let name, let access, let days), true):
            return try await create(name, access, days, request, session)
        case (.create(let name, let access, let days), false):
            let fields = [("name", name), ("access", access.rawValue), ("days", String(days))]
            return page(request, session, .confirm(name: name, action: action(fields, session)))
        case (.revoke(let id), true):
            try await revoke(id, request, session)
            return .redirect(Redirection(status: 303, location: "\(origin)\(ownURL)"))
        case (.revoke, false), (.show, _): return try await list(request, session)
        }
    }

    private var ownURL: String { "\(parts.ownPath)/tokens" }

    private func owner(_ session: Session) -> PersonalTokenSelection {
        .owner(issuer: session.identity.issuer, subject: session.identity.subject)
    }

    private func command(_ request: WebRequest) -> Command {
        guard let fields = FormFields(query: request.query), fields.repeatedName == nil else { return .unreadable }
        if let id = fields.first("revoke") { return .revoke(id: id) }
        guard let name = fields.first("name") else { return .show }
        guard (1...Self.maximumNameBytes).contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            let access = fields.first("access").flatMap(PersonalToken.Access.init(rawValue:)),
            let days = fields.first("days").flatMap({ Int64($0) }), (1...3650).contains(days)
        else { return .unreadable }
        return .create(name: name, access, days: days)
    }

    /// What only a page made for this session can know.
    private func confirmation(_ session: Session) -> String { confirmationKeys.authenticate(session.key.digest) }

    private func isConfirmed(_ request: WebRequest, _ session: Session) -> Bool {
        guard let given = FormFields(query: request.query)?.first("confirm"),
            request.headers.first("sec-fetch-site") != "cross-site"
        else { return false }
        return Secret(utf8: given).matches(Secret(utf8: confirmation(session)))
    }

    private func action(_ fields: [(name: String, value: String)], _ session: Session) -> String {
        QueryString(fields + [("confirm", confirmation(session))]).appending(to: ownURL)
    }

    private func page(_ request: WebRequest, _ session: Session, _ content: TokensPage.Content) -> Decision {
        let page = TokensPage(
            user: session.identity.email ?? session.identity.name, content: content, ownURL: ownURL,
            look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }

    private func list(_ request: WebRequest, _ session: Session) async throws(StoreFailure) -> Decision {
        let entries = try await tokens.list(owner(session), limit: tokens.limits.perUser).map { token in
            TokensPage.Entry(
                name: token.name, isReadOnly: token.access == .read, expiresAt: token.expiresAt.rfc3339,
                lastUsedAt: token.lastUsedAt?.rfc3339, revokeAction: action([("revoke", token.id)], session))
        }
        let longest = tokens.limits.maximumLifetime / 86400
        let days = [7, 30, 90, 365].filter { $0 <= longest }
        return page(request, session, .list(entries, days: days.isEmpty ? [max(1, longest)] : days))
    }

    private func create(
        _ name: String, _ access: PersonalToken.Access, _ days: Int64, _ request: WebRequest, _ session: Session
    ) async throws(StoreFailure) -> Decision {
        let made = try await tokens.create(name, access: access, lifetime: days * 86400, for: session.identity)
        guard let made else { return page(request, session, .full) }
        parts.record(.tokenIssued, request, identity: session.identity, reason: "personal token \(made.token.id)")
        return page(request, session, .created(token: made.text.text))
    }

    /// Only among one's own: somebody else's is one that is not there.
    private func revoke(_ id: String, _ request: WebRequest, _ session: Session) async throws(StoreFailure) {
        let own = try await tokens.list(owner(session), limit: tokens.limits.perUser)
        guard let token = own.first(where: { sameBytes($0.id, id) }) else { return }
        _ = try await tokens.revoke(token)
        parts.record(.revocation, request, identity: session.identity, reason: "personal token \(token.id)")
    }
}
