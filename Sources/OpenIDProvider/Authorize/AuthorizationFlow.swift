import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// What comes next in an authorization request, as the table of interactions says.
enum AuthorizationStep: Sendable {
    /// - Parameter account: who should sign in again, if that is known.
    case login(account: SSOAccount?)
    case selectAccount([SSOAccount])
    case secondFactor(SSOAccount, SecondFactorStanding)
    case consent(SSOAccount)
    case refused(OAuthError)
    case granted(SSOAccount, SSOSession)
}

/// Leads one authorization request on, from wherever it is: the endpoint itself, the login page, a choice, a consent. Every step
/// that is passed ends here, and here alone codes are made.
struct AuthorizationFlow {
    let issuer: Issuer
    let web: WebRequest
    let client: Client
    var request: AuthorizationRequest

    /// - Parameters:
    ///   - session: of the browser, if it has one.
    ///   - form: the login page, where the browser is at it already.
    ///   - upstream: where the browser is sent to sign in, where it has got so far.
    ///   - cookies: `set-cookie` fields for whatever the answer is.
    func goOn(
        _ session: SSOSession?, form: SignInForm? = nil, upstream: UpstreamSignIn? = nil, cookies: [String] = []
    ) async -> WebResponse {
        do throws(ProviderStoreFailure) {
            var response: WebResponse
            switch try await step(session) {
            case .refused(let error): response = self.response.error(error)
            case .login(let account):
                response =
                    if let upstream { await upstream.response() } else {
                        form?.page(login: suggestedLogin(account, form)) ?? loginPage(account)
                    }
            case .selectAccount(let accounts): response = AccountChoice(flow: self).page(accounts)
            case .secondFactor(let account, let standing): response = secondFactorPage(account, standing)
            case .consent(let account): response = ConsentForm(flow: self, account: account).page()
            case .granted(let account, let session): response = try await grant(account, session, form)
            }
            for cookie in cookies { response.headers.add("set-cookie", cookie) }
            return response
        } catch { return unavailable(error.detail) }
    }

    /// The first interaction that is due, or its error where the client wants none.
    private func step(_ session: SSOSession?) async throws(ProviderStoreFailure) -> AuthorizationStep {
        let facts = try await facts(session)
        for check in AuthorizationChecks.outcomes {
            if let error = check.refusal(facts) {
                record("authorization request: \(check.name) (\(check.section))")
                return .refused(error)
            }
        }
        for check in AuthorizationChecks.interactions where check.isDue(facts) {
            guard !facts.demand.asks(for: .none) else { return .refused(OAuthError(check.error, "the user would have to act")) }
            switch (check.interaction, facts.account) {
            case (.login, let account): return .login(account: facts.progress.wantsOther ? nil : account)
            case (.selectAccount, _): return .selectAccount(facts.candidates)
            case (.secondFactor, let account?): return .secondFactor(account, facts.secondFactor)
            case (.consent, let account?): return .consent(account)
            case (.secondFactor, nil), (.consent, nil): return .login(account: nil)
            }
        }
        guard let account = facts.account, let session else { return .login(account: nil) }
        return .granted(account, session)
    }

    private func facts(_ session: SSOSession?) async throws(ProviderStoreFailure) -> InteractionFacts {
        let accounts = (session?.accounts ?? []).filter { counts($0.connectorID) }
        var facts = InteractionFacts(
            request: request, client: client, accounts: accounts, hasConnectors: !connectors.isEmpty,
            secondFactors: issuer.secondFactor, isOfDevice: request.isOfDevice(issuer), consent: nil,
            now: issuer.clock.now)
        guard let account = facts.account else { return facts }
        facts.isOfUpstream = issuer.connector(account.connectorID)?.asUpstream != nil
        facts.secondFactor = try await SecondFactors(issuer: issuer).standing(of: account, at: client, for: request.demand)
        if client.skipsConsent == false {
            facts.consent = try await issuer.sso.consent(subject: account.subject, client: client.id)
        }
        return facts
    }

    /// Whether a connector's users may be meant: the client takes them, and has named no other.
    private func counts(_ connector: String) -> Bool {
        client.takesUsers(of: connector) && request.demand.connectorID.map { sameBytes($0, connector) } ?? true
    }

    /// Where somebody can sign in for the client.
    var connectors: [any Connector] { issuer.connectors.filter { counts($0.id) } }

    /// Makes the code, if the connector still knows the person (whoever was disabled is signed out here) and the client takes them,
    /// as they are now.
    private func grant(
        _ account: SSOAccount, _ session: SSOSession, _ form: SignInForm?
    ) async throws(ProviderStoreFailure) -> WebResponse {
        var account = account
        if !request.progress.isAuthenticated || issuer.isDeleted(connector: account.connectorID) {
            let refresh = UserRefresh(issuer: issuer, connectorID: account.connectorID, accountID: account.id)
            switch try await refresh.refreshed(account.user) {
            case .current(let user): account.user = user
            case .failed(let detail): return unavailable(detail)
            case .gone:
                try await SSOSignOut(issuer: issuer).end([account], reason: "the user can no longer sign in", web)
                return await goOn(try await SSOSessions(issuer: issuer).current(web), form: form)
            }
        }
        guard client.admits(account.user, connectorID: account.connectorID) else { return refuse(account) }
        guard try await SSOSessions(issuer: issuer).note(account, in: session, client: client.id) else {
            return await goOn(try await SSOSessions(issuer: issuer).current(web), form: form)
        }
        let issued = IssuedCode(account: account, request: request, client: client, issuer: issuer)
        try await issuer.store.create(issued.grant, with: issued.record)
        let reason = request.progress.isAuthenticated ? nil : "by the session of the browser"
        issuer.record(.signIn, reason, identity: issuer.identity(of: issued.grant), client: client.id, request: web)
        return response.code(issued.code)
    }

    private func refuse(_ account: SSOAccount) -> WebResponse {
        let identity = Identity(issuer: issuer.settings.issuer, subject: account.subject, claims: account.user.claims)
        issuer.record(.refusal, "the user may not use this client", identity: identity, client: client.id, request: web)
        return response.error(OAuthError(.accessDenied, "the user may not use this client"))
    }

    // Pages.

    var look: PageLook { issuer.look(for: web, uiLocales: request.uiLocales) }

    /// Where the browser is sent in the end.
    var response: AuthorizationResponse {
        AuthorizationResponse(
            redirectURI: request.redirectURI, state: request.state, issuer: issuer.settings.issuer, mode: request.responseMode,
            look: look)
    }

    /// Chromium holds every redirect after the post to `form-action`: those to the client, and where the client sends the browser
    /// on to, which is one of its hosts.
    var formTargets: [FormTarget] {
        ([request.redirectURI] + client.redirectURIs).reduce(into: []) { targets, uri in
            if let target = FormTarget(url: uri), !targets.contains(target) { targets.append(target) }
        }
    }

    /// To the login page, or to the choice among several.
    private func loginPage(_ account: SSOAccount?) -> WebResponse {
        guard let sealed = try? request.sealed(with: issuer.requestKeys) else { return internalError() }
        var offered = connectors
        if let id = account?.connectorID ?? onlyConnector, let connector = issuer.connector(id) {
            // Browsers hold the redirects after a form to `form-action`, which knows no upstream; a link they follow anywhere.
            guard connector.asUpstream != nil, sameBytes(web.method, "POST") else {
                return Redirection.seeOther(signInURL(connector.id, sealed))
            }
            offered = [connector]
        }
        let links = offered.compactMap { connector in
            PageLink(label: connector.name ?? look.texts.emailLabel, href: signInURL(connector.id, sealed))
        }
        return ConnectorPage(applicationName: client.name, links: links, look: look).response()
    }

    /// For an account of the browser's session.
    private func secondFactorPage(_ account: SSOAccount, _ standing: SecondFactorStanding) -> WebResponse {
        let browser = LoginCookie.current(in: web, issuer: issuer)
        let step = SecondFactorStep(.signedIn(accountID: account.id), request: request, browser: browser, issuer: issuer)
        return SecondFactorForm(flow: self, step: step, account: account, browser: browser).page(standing)
    }

    /// What the login page has filled in already.
    private func suggestedLogin(_ account: SSOAccount?, _ form: SignInForm?) -> String {
        if let account, let form, sameBytes(account.connectorID, form.connector.id) { return account.login }
        return request.demand.loginHint ?? ""
    }

    private var onlyConnector: String? { connectors.count == 1 ? connectors.first?.id : nil }

    private func signInURL(_ connector: String, _ sealed: String) -> String {
        (["request": sealed] as QueryString).appending(to: SignInEndpoint.path(issuer, connector: connector))
    }

    func unavailable(_ detail: String) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.signInFailed, "cannot be done at the moment", reference: reference, client: client.id, request: web)
        issuer.logger.error(
            "a sign-in failed on our side",
            metadata: ["detail": .string(detail), "reference": .string(reference.text), "request_id": .string(web.id)])
        guard !request.demand.asks(for: .none) else {
            return response.error(OAuthError(.temporarilyUnavailable, "try again in a moment"))
        }
        return ProviderPages(look: look).unavailable(retryAfter: 30, reference: reference)
    }

    func internalError() -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.logger.error(
            "cannot seal an authorization request",
            metadata: ["reference": .string(reference.text), "request_id": .string(web.id)])
        return ProviderPages(look: look).internalError(reference: reference)
    }

    private func record(_ reason: String) { issuer.record(.refusal, reason, client: client.id, request: web) }
}
