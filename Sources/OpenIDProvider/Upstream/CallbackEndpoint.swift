import Accounts
import JOSE
import Logging
import Web

/// `/callback` and `/callback/{connector}`: browsers come back here from an upstream.
struct CallbackEndpoint {
    let issuer: Issuer

    /// - Parameter connector: as named in the path.
    func respond(to web: WebRequest, connector named: String?) async -> WebResponse {
        let facts: CallbackFacts
        do throws(ProviderStoreFailure) { facts = try await read(web, named) } catch { return unavailable(error.detail, web) }
        if let failed = CallbackChecks.all.first(where: { !$0.isFulfilled(facts) }) { return refuse(failed, facts, web) }
        guard let fields = facts.fields, let state = facts.state, let connector = facts.connector, let signIn = facts.signIn,
            let browser = facts.browser
        else { return issuer.pages(for: web).badRequest() }
        if let seconds = issuer.upstreamBound.take(web.clientAddress, now: issuer.clock.now) {
            let failed = UpstreamFailed(detail: "too many replies in a minute", retryAfter: seconds)
            return issuer.unavailable(failed, connector, signIn, web)
        }
        let request = state.upstreamRequest(sealed: fields.first("state") ?? "", connector, browser, issuer)
        let reply = UpstreamReply(fields: fields, headers: web.headers, peerAddress: web.peerAddress)
        switch await connector.signIn(reply, to: request) {
        case .authenticated(let user): return await complete(user, state, connector, signIn, browser, web)
        case .refused(let refusal): return refuse(refusal, connector, signIn, web)
        case .failed(let failed): return issuer.unavailable(failed, connector, signIn, web)
        }
    }

    private func read(_ web: WebRequest, _ named: String?) async throws(ProviderStoreFailure) -> CallbackFacts {
        let fields = FormFields(query: web.query)
        let state = fields?.first("state").flatMap { UpstreamState(sealed: $0, keys: issuer.upstreamStateKeys) }
        var facts = CallbackFacts(
            fields: fields, pathConnector: named, state: state,
            connector: state.flatMap { issuer.connector($0.connectorID)?.asUpstream })
        guard let state else { return facts }
        facts.browser = LoginCookie.all(in: web, issuer: issuer).first(where: state.fits)
        facts.isUsed = try await issuer.transients.isTaken(name(of: state))
        let sealed = try? state.request.sealed(with: issuer.requestKeys)
        switch PendingSignIn.outcome(of: state.request, sealed: sealed ?? "", issuer) {
        case .pending(let signIn): facts.signIn = signIn
        case .expired: facts.isExpired = true
        case .unknown: break
        }
        return facts
    }

    private func name(of state: UpstreamState) -> SecretDigest { .name("upstream state", state.id) }

    /// Of any number of replies with one state, one signs somebody in.
    private func complete(
        _ user: UpstreamUser, _ state: UpstreamState, _ connector: any UpstreamConnector, _ signIn: PendingSignIn,
        _ browser: LoginCookie, _ web: WebRequest
    ) async -> WebResponse {
        do throws(ProviderStoreFailure) {
            let until = state.request.startedAt.adding(AuthorizationRequest.life + 60)
            guard try await issuer.transients.takeOnce(name(of: state), until: until) else {
                return refuse(UpstreamRefusal(.reply, "the state was used before"), connector, signIn, web)
            }
        } catch { return unavailable(error.detail, web) }
        var completion = SignInCompletion(
            signIn: signIn, connectorID: connector.id, login: user.user.claims["email"]?.string ?? "",
            isRemembered: issuer.settings.sessions.remember == .always, browser: browser, web: web, issuer: issuer)
        completion.authTime = user.authTime
        completion.kept = user.kept
        return await completion.complete(user.user, user.authentication)
    }

    // Refusals.

    private func refuse(_ check: CallbackCheck, _ facts: CallbackFacts, _ web: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        let connector = facts.connector.map { "connector \($0.id): " } ?? ""
        issuer.record(
            .signInFailed, "\(connector)callback: \(check.name) (\(check.section))", reference: reference,
            client: facts.signIn?.client.id, request: web)
        let pages = issuer.pages(for: web, uiLocales: facts.signIn?.request.uiLocales)
        switch check.answer {
        case .badRequest: return pages.badRequest(reference: reference)
        case .expired:
            let uri = facts.state?.request.redirectURI ?? ""
            let name = facts.state.flatMap { issuer.settings.client($0.request.clientID)?.name } ?? ""
            return pages.expired(application: name, home: Origin(uri).map { "\($0)/" })
        case .signInFailed: return pages.upstreamReply(reference: reference, again: again(facts.connector, facts.signIn, web))
        }
    }

    private func refuse(
        _ refusal: UpstreamRefusal, _ connector: any UpstreamConnector, _ signIn: PendingSignIn, _ web: WebRequest
    ) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .signInFailed, "connector \(connector.id): \(refusal.reason)", reference: reference, client: signIn.client.id,
            request: web)
        let pages = issuer.pages(for: web, uiLocales: signIn.request.uiLocales)
        let again = again(connector, refusal.kind == .reply ? signIn : signIn.forAnother(issuer), web)
        let name = connector.name ?? connector.id
        switch refusal.kind {
        case .denied: return pages.upstreamDenied(name, reference: reference, again: again)
        case .notAdmitted: return pages.upstreamNotAdmitted(reference: reference, again: again)
        case .email: return pages.upstreamEmail(name, reference: reference, again: again)
        case .reply: return pages.upstreamReply(reference: reference, again: again)
        }
    }

    /// To the beginning of the same sign-in.
    private func again(_ connector: (any UpstreamConnector)?, _ signIn: PendingSignIn?, _ web: WebRequest) -> PageLink? {
        guard let connector, let signIn, !signIn.sealed.isEmpty else { return nil }
        let path = SignInEndpoint.path(issuer, connector: connector.id)
        let label = issuer.look(for: web, uiLocales: signIn.request.uiLocales).texts.signInAgain
        return PageLink(label: label, href: ([SignInEndpoint.requestField: signIn.sealed] as QueryString).appending(to: path))
    }

    private func unavailable(_ detail: String, _ web: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.signInFailed, "cannot be done at the moment", reference: reference, request: web)
        issuer.logger.error(
            "a sign-in failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(web.id)])
        return issuer.pages(for: web).unavailable(retryAfter: 30, reference: reference)
    }
}

extension PendingSignIn {
    /// The same sign-in, for another account than the one that was not taken: the upstream would choose the same again.
    fileprivate func forAnother(_ issuer: Issuer) -> PendingSignIn {
        var request = request
        request.progress.wantsOther = true
        let sealed = try? request.sealed(with: issuer.requestKeys)
        return PendingSignIn(sealed: sealed ?? "", request: request, client: client)
    }
}
