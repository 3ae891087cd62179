import Accounts
import JOSE
import RelyingParty
import Web

/// Ends a session: GET asks, POST does, and the provider's own session is ended too where it offers that.
struct SignOut: Sendable {
    private let parts: AuthServiceParts
    private let refusals: Refusals
    private let confirmationKeys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        confirmationKeys = parts.sealingKeys.forPurpose("sign-out")
    }

    func answer(_ request: WebRequest) async -> Decision {
        let origin = parts.addresses.place(of: request).origin
        switch await parts.session(of: request) {
        case .none: return signedOut(request, origin)
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live(let session):
            guard request.method == "POST", isConfirmed(request, session), !isCrossSite(request) else {
                return await ask(session, request, origin)
            }
            return await end(session, request, origin)
        }
    }

    private var ownURL: String { "\(parts.ownPath)/sign-out" }

    /// What only a page made for this session can know. It travels in the query, since most gateways do not pass bodies on.
    private func confirmation(_ session: Session) -> String { confirmationKeys.authenticate(session.key.digest) }

    private func isConfirmed(_ request: WebRequest, _ session: Session) -> Bool {
        guard let given = FormFields(query: request.query)?.first("confirm") else { return false }
        return Secret(utf8: given).matches(Secret(utf8: confirmation(session)))
    }

    private func isCrossSite(_ request: WebRequest) -> Bool { request.headers.first("sec-fetch-site") == "cross-site" }

    private func ask(_ session: Session, _ request: WebRequest, _ origin: Origin) async -> Decision {
        let action = QueryString([("confirm", confirmation(session))]).appending(to: ownURL)
        let targets = await endSessionURL(session, origin).flatMap { FormTarget(url: $0) }.map { [$0] } ?? []
        let page = SignOutPage(
            user: session.identity.email ?? session.identity.name, action: action, stayPath: "/",
            formTargets: targets, look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }

    private func end(_ session: Session, _ request: WebRequest, _ origin: Origin) async -> Decision {
        do throws(StoreFailure) { try await parts.sessions.end(session.key) } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
        parts.record(.signOut, request, identity: session.identity)
        let location = await endSessionURL(session, origin) ?? "\(origin)\(ownURL)"
        let gone = parts.sessionCookiesGone(for: request, on: origin)
        let rounds = parts.cookies.signIn("", on: origin, maxAge: 0).deletion
        return .redirect(Redirection(status: 303, location: location, cookies: gone + [rounds.headerValue]))
    }

    /// The provider's end session endpoint (RP-Initiated Logout §2), which sends the browser back to our page.
    private func endSessionURL(_ session: Session, _ origin: Origin) async -> String? {
        guard let provider = parts.providers.first(where: { sameBytes($0.id, session.providerID) }) else { return nil }
        return await provider.client.endSessionURL(
            idTokenHint: session.idToken, postLogoutRedirectURI: "\(origin)\(ownURL)", state: nil)
    }

    private func signedOut(_ request: WebRequest, _ origin: Origin) -> Decision {
        guard request.method != "POST" else { return .redirect(Redirection(status: 303, location: "\(origin)\(ownURL)")) }
        let page = SignedOutPage(signInURL: "\(origin)/", look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }
}
