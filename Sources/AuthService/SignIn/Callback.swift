import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Web

extension SignIn {
    /// The `callback` endpoint: the provider's reply becomes a session, or a page that says why not. Whatever happened, a browser
    /// that is signed in by now ends at the page that it wanted.
    func finish(_ request: WebRequest) async -> Decision {
        if sameBytes(request.method, "POST") { return carryOn(request) }
        let origin = parts.addresses.place(of: request).origin
        let fields = reply(FormFields(query: request.query))
        let facts = CallbackFacts(
            fields: fields, state: state(fields), isAtItsCallback: isAtItsCallback(request, state(fields)),
            seed: browserSeed(of: request, at: origin), now: parts.clock.now)
        return await finish(request, facts, at: origin)
    }

    /// The provider's reply came as a form: on to the GET that the browser's cookie goes with.
    private func carryOn(_ request: WebRequest) -> Decision {
        let origin = parts.addresses.place(of: request).origin
        guard let reply = PostedReply(request), let state = state(reply.fields), let provider = provider(of: state),
            provider.client.client.authorization.responseMode == .formPost,
            let sealed = try? reply.sealed(with: replyKeys, now: parts.clock.now)
        else { return refusals.signInFailed(request, reason: "a form that no sign-in of ours asked for", retry: "\(origin)/") }
        let location = QueryString([(PostedReply.parameter, sealed)]).appending(to: redirectURI(origin, provider))
        return .redirect(Redirection(status: 303, location: location))
    }

    /// What the provider sent: the parameters themselves, or those of a form.
    private func reply(_ fields: FormFields?) -> FormFields? {
        guard let sealed = fields?.first(PostedReply.parameter) else { return fields }
        return PostedReply(sealed: sealed, keys: replyKeys, now: parts.clock.now)?.fields
    }

    private func state(_ fields: FormFields?) -> SignInState? {
        fields?.first("state").flatMap { SignInState(sealed: $0, keys: stateKeys) }
    }

    /// Whether the reply came where the provider that was asked was told to send it.
    private func isAtItsCallback(_ request: WebRequest, _ state: SignInState?) -> Bool {
        guard let state, let provider = provider(of: state) else { return true }
        return sameBytes(request.path, parts.callbackPath(provider))
    }

    private func provider(of state: SignInState) -> SignInProvider? {
        parts.providers.first { sameBytes($0.id, state.providerID) }
    }

    private func finish(_ request: WebRequest, _ facts: CallbackFacts, at origin: Origin) async -> Decision {
        let state = facts.state
        switch CallbackCheck.firstRefusal(facts) {
        case .page(let reason): return refusals.signInFailed(request, reason: reason, retry: retryURL(state, origin))
        case .again(let reason): return await again(request, at: origin, state: state, reason: reason)
        case nil: break
        }
        guard let state, let seed = facts.seed, let fields = facts.fields, let code = fields.first("code"),
            let provider = provider(of: state)
        else { return refusals.signInFailed(request, reason: "the provider is no longer configured", retry: "\(origin)/") }
        let outcome = await provider.client.signIn(
            code: Secret(utf8: code), redirectURI: redirectURI(origin, provider),
            codeVerifier: Secret(utf8: seed.codeVerifier(salt: state.salt)),
            nonce: seed.nonce(salt: state.salt), issuerParameter: fields.first("iss"), maxAge: state.maxAge,
            acrValues: state.acrValues)
        switch outcome {
        case .signedIn(let signedIn) where signedIn.identity.hasUnverifiedEmail:
            // Applications take the address for the person: one that its owner merely typed must not become an identity.
            return refusals.signInFailed(
                request, reason: "the provider says that the e-mail address is not verified", retry: retryURL(state, origin))
        case .signedIn(let signedIn):
            if let lack = state.requirement.lack(in: SessionAuthentication(signedIn.idToken), now: parts.clock.now) {
                return refusals.notStrongEnough(request, reason: lack.reason, retry: retryURL(state, origin))
            }
            let granted = Self.grantedScopes(signedIn, state, provider)
            guard state.requirement.grants(granted) else {
                return refusals.scopesNotGranted(
                    request, state.scopes, identity: signedIn.identity, retry: retryURL(state, origin))
            }
            return await admit(signedIn, request, at: origin, state, provider)
        case .refused(.provider(let refusal)) where refusal.endsGrant:
            // The code is spent or too old: the back button, a second click, a page left open.
            return await again(request, at: origin, state: state, reason: "the code is used up")
        case .refused(.idToken(let refusal)) where refusal.isAboutTheWayOfSigningIn:
            return refusals.notStrongEnough(
                request, reason: SignInRefusal.idToken(refusal).reason, retry: retryURL(state, origin))
        case .refused(let refusal):
            return refusals.signInFailed(request, reason: refusal.reason, retry: retryURL(state, origin))
        case .failed(let failure):
            return refusals.unavailable(request, detail: "provider \(provider.id): \(failure.detail)")
        }
    }

    /// What the token endpoint says; where it says nothing, what was asked for (RFC 6749 §5.1).
    private static func grantedScopes(_ signedIn: SignedIn, _ state: SignInState, _ provider: SignInProvider) -> [String] {
        guard let scope = signedIn.tokens.scope else { return provider.client.client.scopes.adding(state.scopes).values }
        return Scope(parsing: scope)?.values ?? []
    }

    private func retryURL(_ state: SignInState?, _ origin: Origin) -> String {
        parts.signInURL(at: origin, target: target(state, origin), demand: state?.demand ?? SignInDemand())
    }

    /// The page first asked for, read again by the one parser: the state is sealed, but the configuration may have changed.
    private func target(_ state: SignInState?, _ origin: Origin) -> String {
        parts.addresses.target(state?.target ?? "/", at: origin)
    }

    /// A reply that came twice, late, or without its cookie.
    private func again(_ request: WebRequest, at origin: Origin, state: SignInState?, reason: String) async -> Decision {
        if case .live = await parts.session(of: request) { return .redirect(Redirection(location: target(state, origin))) }
        let attempts = state?.attempts ?? 0
        guard attempts < Self.maximumAttempts else {
            return refusals.signInLoops(request, reason: "\(reason), \(attempts) times in a row", retry: "\(origin)/")
        }
        return await begin(
            request, at: origin, target: target(state, origin), demand: state?.demand ?? SignInDemand(), attempts: attempts,
            staleCookie: false
        ).decision
    }

    /// Is the sign-in for this person? If not, they can try another account; nothing sends them round by itself.
    private func admit(
        _ signedIn: SignedIn, _ request: WebRequest, at origin: Origin, _ state: SignInState, _ provider: SignInProvider
    ) async -> Decision {
        switch provider.admission.outcome(for: signedIn.identity) {
        case .admitted: return await beginSession(signedIn, request, at: origin, state, provider)
        case .unavailable(let detail): return refusals.unavailable(request, detail: detail)
        case .refused:
            var demand = SignInDemand(prompt: "select_account")
            if parts.providers.offered(on: RequestHost(request.authority)?.name ?? "").count == 1 {
                demand.providerID = provider.id
            }
            return refusals.notAdmitted(
                request, identity: signedIn.identity,
                another: parts.signInURL(at: origin, target: target(state, origin), demand: demand))
        }
    }

    /// The way back to the page. A `Strict` cookie does not travel on redirects that another site began: there a page of ours leads on.
    private func arrival(at target: String, _ request: WebRequest, cookies: [String]) -> Decision {
        guard parts.cookies.sameSite == .strict else {
            return .redirect(Redirection(status: 303, location: target, cookies: cookies))
        }
        let look = parts.look(for: request)
        let texts = SessionTexts.of(look.texts.language)
        let page = MessagePage(texts.signedIn, link: PageLink(label: texts.goOn, href: target), look: look)
        var response = page.response(status: 200)
        response.headers.add("refresh", "0; url=\(target)")
        for cookie in cookies { response.headers.add("set-cookie", cookie) }
        return .respond(Page(response: response))
    }

    private func beginSession(
        _ signedIn: SignedIn, _ request: WebRequest, at origin: Origin, _ state: SignInState, _ provider: SignInProvider
    ) async -> Decision {
        let start = SessionStart(
            identity: signedIn.identity, scope: parts.cookies.scope(on: origin), providerID: state.providerID,
            providerSessionID: signedIn.idToken.sid,
            authTime: signedIn.idToken.authTime ?? parts.clock.now, authentication: SessionAuthentication(signedIn.idToken),
            idToken: signedIn.tokens.idToken,
            refreshToken: signedIn.tokens.refreshToken, accessToken: signedIn.tokens.accessToken,
            grantedScopes: Self.grantedScopes(signedIn, state, provider),
            refresh: RefreshState(
                of: signedIn.tokens, idTokenExpiry: signedIn.idToken.expiresAt, refreshToken: signedIn.tokens.refreshToken,
                now: parts.clock.now),
            device: SessionDevice(
                userAgentHeader: request.headers.first("user-agent"), address: request.clientAddress),
            isRemembered: parts.sessions.lifetimes.remembering.isRemembered(state.isRemembered))
        do throws(StoreFailure) {
            // Whatever session the browser had, planted or real, ends here: the new one has an id of its own.
            if case .live(let old) = await parts.session(of: request) { try await parts.sessions.end(old.key) }
            guard let value = try await parts.sessions.begin(start) else {
                return refusals.signInFailed(
                    request, reason: "the session does not fit into cookies", retry: retryURL(state, origin))
            }
            try await parts.credentials.personalTokens?.follow(signedIn.identity)
            parts.record(.signIn, request, identity: signedIn.identity)
            let spent = spentCookie(after: browserSeed(of: request, at: origin), at: origin)
            let cookies = parts.sessionCookies(value, isRemembered: start.isRemembered, for: request, on: origin)
            return arrival(at: target(state, origin), request, cookies: cookies + [spent])
        } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
    }
}
