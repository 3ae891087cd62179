import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/logout` (OpenID Connect RP-Initiated Logout §2). An ID token of ours says whose session to end. Without one the person is asked:
/// a link or an image on another page ends nothing.
struct EndSessionEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let isPost = sameBytes(request.method, "POST")
        let fields = isPost ? FormBody.fields(request) : FormFields(query: request.query)
        guard let fields, fields.repeatedName == nil else { return issuer.pages(for: request).badRequest() }
        let wish = EndSessionWish(fields, issuer: issuer)
        do throws(ProviderStoreFailure) {
            let session = try await SSOSessions(issuer: issuer).current(request)
            if isPost, fields.first(ProvenForm.field) != nil {
                return try await confirmed(fields, wish, session, request)
            }
            if let reason = wish.refusal, session == nil || wish.hint != nil { return refuse(reason, wish, request) }
            if let hint = wish.hint { return try await end(hint, wish, session, request) }
            guard let session else { return issuer.pages(for: request).nothingToSignOutOf() }
            return ask(wish, session, request)
        } catch { return unavailable(error.detail, request) }
    }

    // With an ID token.

    private func end(
        _ hint: IDTokenHint, _ wish: EndSessionWish, _ browser: SSOSession?, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        let session = try await issuer.sso.session(ofAccount: hint.sessionID)
        var ended: [SSOAccount] = []
        if let account = session?.account(hint.sessionID) {
            try await SSOSignOut(issuer: issuer).end([account], client: hint.client.id, request)
            ended = [account]
        } else {
            let count = try await issuer.store.endGrants(sessionID: hint.sessionID)
            if count > 0 {
                let identity = Identity(issuer: issuer.settings.issuer, subject: hint.subject, claims: JSONObject())
                issuer.record(.signOut, identity: identity, client: hint.client.id, request: request)
            }
        }
        // Another browser's session may be meant: this one's cookie goes only with its own.
        let isLast = browser.map { $0.accounts.allSatisfy { sameBytes($0.id, hint.sessionID) } } ?? false
        return done(ended, wish, cookies: isLast ? [SSOCookie.deletion(issuer), SSOCookie.signal(issuer)] : [], request)
    }

    // Asked.

    private func purpose(_ session: SSOSession) -> String { "sign-out " + Base64URL.encode(session.key.bytes) }

    private func ask(_ wish: EndSessionWish, _ session: SSOSession, _ request: WebRequest) -> WebResponse {
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        var hidden = [HiddenField(name: ProvenForm.field, value: cookie.proof(of: purpose(session)))]
        // Without an ID token the client's own id has to say whose URI it is (§2).
        let target = wish.location
        if target != nil { hidden += wish.carried }
        let page = SignOutPage(
            user: session.accounts.map(\.label).joined(separator: ", "), action: "\(issuer.path)/logout", hiddenFields: hidden,
            formTargets: target.flatMap { FormTarget(url: $0) }.map { [$0] } ?? [], look: issuer.look(for: request))
        var response = page.response()
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    private func confirmed(
        _ fields: FormFields, _ wish: EndSessionWish, _ session: SSOSession?, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        guard let session else { return issuer.pages(for: request).signedOut() }
        guard ProvenForm.isOurs(fields, about: purpose(session), in: request, issuer: issuer) else {
            return issuer.crossSiteForm(request, issuer.look(for: request))
        }
        try await SSOSignOut(issuer: issuer).end(session.accounts, request)
        let target = wish.refusal == nil ? wish : nil
        return done(session.accounts, target, cookies: [SSOCookie.deletion(issuer), SSOCookie.signal(issuer)], request)
    }

    // Afterwards.

    /// Over the page that tells clients in frames, where there are such; then to the client, or to the page that says it is over.
    private func done(
        _ ended: [SSOAccount], _ wish: EndSessionWish?, cookies: [String], _ request: WebRequest
    ) -> WebResponse {
        let frames = FrontChannelFrame.all(of: ended, issuer: issuer)
        let target = wish?.location
        var response: WebResponse
        if frames.isEmpty {
            response = target.map(Redirection.seeOther) ?? issuer.pages(for: request).signedOut()
        } else {
            response = SigningOutPage(frames: frames, target: target, look: issuer.look(for: request)).response()
        }
        for cookie in cookies { response.headers.add("set-cookie", cookie) }
        return response
    }

    private func unavailable(_ detail: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "a sign-out failed on our side", metadata: ["detail": .string(detail), "reference": .string(reference.text)])
        return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
    }

    private func refuse(_ reason: String, _ wish: EndSessionWish, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .refusal, "sign-out: \(reason)", reference: reference, client: wish.hint?.client.id, request: request)
        return issuer.pages(for: request).refusal(reason, reference: reference)
    }
}
