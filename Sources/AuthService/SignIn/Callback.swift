import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Web

extension SignIn {
    /// The `callback` endpoint: the provider's reply becomes a session, or a page that says why not. Whatever happened, a browser
    /// that is signed in by now ends at the page that it wanted.
    func finish(_ request: WebRequest) async -> Decision {
        let origin = parts.addresses.place(of: request).origin
        let fields = FormFields(query: request.query)
        let state = fields?.first("state").flatMap {
            SignInState(sealed: $0, keys: stateKeys)
        }
        let facts = CallbackFacts(
            fields: fields, state: state, seed: browserSeed(of: request, at: origin), now: parts.clock.now)
        switch CallbackCheck.firstRefusal(facts) {
        case .page(let reason): return refusals.signInFailed(request, reason: reason, retry: retryURL(state, origin))
        case .again(let reason): return await again(request, at: origin, state: state, reason: reason)
        case nil: break
        }
        guard let state, let seed = facts.seed, let fields, let code = fields.first("code"),
            let provider = parts.providers.first(where: { sameBytes($0.id, state.providerID) })
        else { return refusals.signInFailed(request, reason: "the provider is no longer configured", retry: "\(origin)/") }
        let outcome = await provider.client.signIn(
            code: Secret(utf8: code), redirectURI: redirectURI(origin),
            codeVerifier: Secret(utf8: seed.codeVerifier(salt: state.salt)),
            nonce: seed.nonce(salt: state.salt), issuerParameter: fields.first("iss"))
        switch outcome {
        case .signedIn(let signedIn) where signedIn.identity.hasUnverifiedEmail:
            // Applications take the address for the person: one that its owner merely typed must not become an identity.
            return refusals.signInFailed(
                request, reason: "the provider says that the e-mail address is not verified", retry: retryURL(state, origin))
        case .signedIn(let signedIn): return await beginSession(signedIn, request, at: origin, state: state)
        case .refused(.provider(let refusal)) where refusal.endsGrant:
            // The code is spent or too old: the back button, a second click, a page left open.
            return await again(request, at: origin, state: state, reason: "the code is used up")
        case .refused(let refusal):
            return refusals.signInFailed(request, reason: refusal.reason, retry: retryURL(state, origin))
        case .failed(let failure):
            return refusals.unavailable(request, detail: "provider \(provider.id): \(failure.detail)")
        }
    }

    private func retryURL(_ state: SignInState?, _ origin: Origin) -> String {
        parts.signInURL(at: origin, target: target(state, origin))
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
            return refusals.signInFailed(request, reason: "\(reason), \(attempts) times in a row", retry: "\(origin)/")
        }
        return await begin(
            request, at: origin, target: target(state, origin), providerID: state?.providerID, attempts: attempts,
            staleCookie: false
        ).decision
    }

    private func beginSession(
        _ signedIn: SignedIn, _ request: WebRequest, at origin: Origin, state: SignInState
    ) async -> Decision {
        let start = SessionStart(
            identity: signedIn.identity, scope: parts.cookies.scope(on: origin), providerID: state.providerID,
            providerSessionID: signedIn.idToken.sid,
            authTime: signedIn.idToken.authTime ?? parts.clock.now, idToken: signedIn.tokens.idToken,
            refreshToken: signedIn.tokens.refreshToken)
        do throws(StoreFailure) {
            // Whatever session the browser had, planted or real, ends here: the new one has an id of its own.
            if case .live(let old) = await parts.session(of: request) { try await parts.sessions.end(old.key) }
            let id = try await parts.sessions.begin(start)
            parts.record(.signIn, request, identity: signedIn.identity)
            let session = parts.cookies.session(id.secret.text, on: origin, maxAge: parts.sessions.cookieLifetime)
            let spent = parts.cookies.signIn("", on: origin, maxAge: 0).deletion
            return .redirect(
                Redirection(
                    status: 303, location: target(state, origin), cookies: [session.headerValue, spent.headerValue]))
        } catch {
            return refusals.unavailable(request, detail: error.detail)
        }
    }
}
