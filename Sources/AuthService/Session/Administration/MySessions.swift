import Accounts
import JOSE
import RelyingParty
import Web

/// The page `sessions`: where one is signed in, and how to end it there. GET shows, POST ends.
struct MySessions: Sendable {
    private let parts: AuthServiceParts
    private let refusals: Refusals
    private let confirmationKeys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        confirmationKeys = parts.sealingKeys.forPurpose("sessions")
    }

    /// What is to end, as the page's forms say it.
    private enum Command: Sendable {
        case one(handle: String)
        case others
        case everywhere

        init(_ text: String) {
            switch text {
            case "others": self = .others
            case "everywhere": self = .everywhere
            default: self = .one(handle: text)
            }
        }
    }

    /// More are neither shown nor counted.
    private static let maximumShown = 100

    func answer(_ request: WebRequest) async -> Decision {
        let origin = parts.addresses.place(of: request).origin
        switch await parts.session(of: request, withTokens: true) {
        case .none:
            guard Caller(request) == .navigation else { return refusals.unauthenticated(request) }
            return .redirect(Redirection(location: parts.signInURL(at: origin, target: ownURL)))
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live(let session):
            do throws(StoreFailure) {
                // Where cookies hold the sessions, nobody knows of more than this one.
                let all =
                    parts.sessions.areInCookies
                    ? [session] : try await parts.sessions.list(own(session), limit: Self.maximumShown)
                guard request.method == "POST", let command = command(request, session) else {
                    return await show(all, session, request, origin)
                }
                return try await end(command, all, session, request, origin)
            } catch { return refusals.unavailable(request, detail: error.detail) }
        }
    }

    private var ownURL: String { "\(parts.ownPath)/sessions" }

    private func own(_ session: Session) -> SessionSelection {
        .user(issuer: session.identity.issuer, subject: session.identity.subject)
    }

    /// What only a page made for this session can know. It travels in the query, since most gateways do not pass bodies on.
    private func confirmation(_ session: Session) -> String { confirmationKeys.authenticate(session.key.digest) }

    /// `nil` where another site has sent the form.
    private func command(_ request: WebRequest, _ session: Session) -> Command? {
        guard let fields = FormFields(query: request.query), let given = fields.first("confirm"),
            Secret(utf8: given).matches(Secret(utf8: confirmation(session))),
            request.headers.first("sec-fetch-site") != "cross-site"
        else { return nil }
        return fields.first("end").map { Command($0) }
    }

    private func action(_ what: String, _ session: Session) -> String {
        QueryString([("end", what), ("confirm", confirmation(session))]).appending(to: ownURL)
    }

    private func show(_ all: [Session], _ current: Session, _ request: WebRequest, _ origin: Origin) async -> Decision {
        let entries = all.map { session in
            SessionsPage.Entry(
                device: session.device.userAgent, address: session.device.address, provider: session.providerID,
                createdAt: session.createdAt.rfc3339, lastUsedAt: session.lastUsedAt.rfc3339,
                isCurrent: session.key == current.key, endAction: action(session.key.handle, current))
        }
        let page = SessionsPage(
            user: current.identity.email ?? current.identity.name, entries: entries,
            endOthersAction: all.count > 1 ? action("others", current) : nil,
            endEverywhereAction: action("everywhere", current),
            formTargets: await signedOutURL(current, origin).flatMap { FormTarget(url: $0) }.map { [$0] } ?? [],
            look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }

    private func end(
        _ command: Command, _ all: [Session], _ current: Session, _ request: WebRequest, _ origin: Origin
    ) async throws(StoreFailure) -> Decision {
        let ended = try await end(command, all, current)
        if !ended.isEmpty {
            parts.record(.revocation, request, identity: current.identity, reason: "the user ended \(ended.count) sessions")
        }
        await parts.revocations.revoke(ended)
        for session in ended { await parts.endOther(session, than: current) }
        guard ended.contains(where: { $0.key == current.key }) else {
            return .redirect(Redirection(status: 303, location: "\(origin)\(ownURL)"))
        }
        let gone = parts.sessionCookiesGone(for: request, on: origin)
        let location = await signedOutURL(current, origin) ?? signedOutPage(origin)
        let rounds = parts.cookies.signIn("", on: origin, maxAge: 0).deletion
        return .redirect(Redirection(status: 303, location: location, cookies: gone + [rounds.headerValue]))
    }

    private func end(
        _ command: Command, _ all: [Session], _ current: Session
    ) async throws(StoreFailure) -> [EndedSession] {
        let ending: [Session]
        switch command {
        // Only among one's own: a handle of somebody else's session is one that is not there.
        case .one(let handle): ending = all.filter { sameBytes($0.key.handle, handle) }
        case .others: ending = all.filter { $0.key != current.key }
        case .everywhere: ending = [current]
        }
        for session in ending { try await parts.sessions.end(session.key) }
        guard case .everywhere = command else { return ending.map { EndedSession($0) } }
        return [EndedSession(current)] + (try await parts.sessions.endAll(own(current)))
    }

    private func signedOutPage(_ origin: Origin) -> String { "\(origin)\(parts.ownPath)/sign-out" }

    /// The provider's end session endpoint, which sends the browser back to our page; `nil` where it has none.
    private func signedOutURL(_ session: Session, _ origin: Origin) async -> String? {
        let provider = parts.providers.first { sameBytes($0.id, session.providerID) }
        return await provider?.client.endSessionURL(
            idTokenHint: session.idToken, postLogoutRedirectURI: signedOutPage(origin), state: nil)
    }
}
