import Accounts
import JOSE
import Web

/// Ends a session: GET asks, POST does, and the provider's own session is ended too where it offers that. Programs get JSON.
struct SignOut: Sendable {
    private let parts: AuthServiceParts
    private let refusals: Refusals
    private let upstream: UpstreamSignOut
    private let confirmationKeys: SealingKeys
    private let returnKeys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        returnKeys = parts.sealingKeys.forPurpose(SignOutReturn.purpose)
        upstream = UpstreamSignOut(parts: parts, returnKeys: returnKeys)
        confirmationKeys = parts.sealingKeys.forPurpose("sign-out")
    }

    func answer(_ request: WebRequest, style: SignOutStyle) async -> Decision {
        let origin = parts.addresses.place(of: request).origin
        let wish = SignOutRequest(request, parts: parts, origin: origin)
        if let target = returnTarget(wish, origin) { return .redirect(Redirection(status: 303, location: target)) }
        switch await parts.session(of: request, withTokens: true) {
        case .none: return nobody(wish, request, origin)
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .live(let session):
            if wish.isMeant(style: style, at: origin, expected: confirmation(session)) {
                return await end(session, wish, request, origin)
            }
            return wish.isByProgram
                ? refusals.crossSite(request) : await ask(session, wish, request, origin)
        }
    }

    private var ownURL: String { "\(parts.ownPath)/sign-out" }

    private func confirmation(_ session: Session) -> String { confirmationKeys.authenticate(session.key.digest) }

    /// Where somebody wanted to end who is back from the provider: read again by the one parser, since the configuration may have
    /// changed.
    private func returnTarget(_ wish: SignOutRequest, _ origin: Origin) -> String? {
        wish.state.flatMap { SignOutReturn(sealed: $0, keys: returnKeys, now: parts.clock.now) }
            .map { parts.addresses.target($0.target, at: origin) }
    }

    private func ask(_ session: Session, _ wish: SignOutRequest, _ request: WebRequest, _ origin: Origin) async -> Decision {
        func action(everywhere: Bool) -> String {
            var query = QueryString([("confirm", confirmation(session))])
            if everywhere { query.add("everywhere", "1") }
            query.add("rd", wish.target)
            return query.appending(to: ownURL)
        }
        let targets = [await upstream.url(session, target: nil, origin), wish.target].compactMap { $0 }
        let page = SignOutPage(
            user: session.identity.email ?? session.identity.name, action: action(everywhere: false),
            everywhereAction: action(everywhere: true), stayPath: "/",
            formTargets: targets.compactMap { FormTarget(url: $0) }, look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }

    private func end(
        _ session: Session, _ wish: SignOutRequest, _ request: WebRequest, _ origin: Origin
    ) async -> Decision {
        var ended = [EndedSession(session)]
        do throws(StoreFailure) {
            try await parts.sessions.end(session.key)
            if wish.isEverywhere { ended += try await endOthers(session.identity) }
        } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
        parts.record(.signOut, request, identity: session.identity, reason: reason(wish, count: ended.count))
        await parts.revocations.revoke(ended)
        for other in ended { await parts.endOther(other, than: session) }
        let location = await upstream.url(session, target: wish.target, origin) ?? wish.target ?? "\(origin)\(ownURL)"
        return answer(wish, location: location, request, origin)
    }

    private func endOthers(_ identity: Identity) async throws(StoreFailure) -> [EndedSession] {
        try await parts.sessions.endAll(.user(issuer: identity.issuer, subject: identity.subject))
    }

    private func reason(_ wish: SignOutRequest, count: Int) -> String? {
        guard wish.isEverywhere else { return nil }
        return parts.sessions.areInCookies ? "of all devices" : "of all devices, \(count) sessions"
    }

    /// Signed out: programs are told where a browser should go now, browsers are sent there.
    private func answer(
        _ wish: SignOutRequest, location: String, _ request: WebRequest, _ origin: Origin
    ) -> Decision {
        let rounds = parts.cookies.signIn("", on: origin, maxAge: 0).deletion
        let gone = parts.sessionCookiesGone(for: request, on: origin) + [rounds.headerValue]
        guard wish.isByProgram else {
            return .redirect(Redirection(status: 303, location: location, cookies: gone))
        }
        var response = WebResponse.json(["afterLogoutURL": .string(location)], status: 201)
        for cookie in gone { response.headers.add("set-cookie", cookie) }
        return .respond(Page(response: response))
    }

    private func nobody(_ wish: SignOutRequest, _ request: WebRequest, _ origin: Origin) -> Decision {
        if wish.isByProgram { return answer(wish, location: wish.target ?? "\(origin)\(ownURL)", request, origin) }
        if let target = wish.target { return .redirect(Redirection(status: 303, location: target)) }
        guard request.method != "POST" else { return .redirect(Redirection(status: 303, location: "\(origin)\(ownURL)")) }
        let page = SignedOutPage(signInURL: "\(origin)/", look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }
}
