import Accounts
import JOSE
import RelyingParty
package import Web

/// The decision about one request. `decide` is the whole way in order; each step is a function of its own, and only a session
/// that is not in memory and the endpoints that talk to a provider or a store leave the event loop. Shared by all listeners: whoever
/// hands it on copies nothing.
package final class Authorizer: Authorizing {
    let parts: AuthServiceParts
    private let ownPath: [UInt8]
    private let endpoints: OwnEndpoints
    private let signIn: SignIn
    let refusals: Refusals
    private let exchanges: TokenExchanges
    /// For requests that pass with no identity.
    private let nobody: AcceptedGrant

    package init(_ given: AuthServiceParts) {
        var parts = given
        // Whatever one rule tells an application, no client says under any other.
        parts.identityHeaders = parts.identityHeaders.owning(parts.rules.headerNames)
        self.parts = parts
        exchanges = TokenExchanges(providers: parts.providers, sessions: parts.sessions, clock: parts.clock)
        ownPath = Array(parts.ownPath.utf8)
        refusals = Refusals(parts: parts)
        signIn = SignIn(parts: parts, refusals: refusals)
        endpoints = OwnEndpoints(parts: parts, signIn: signIn, refusals: refusals)
        let headers = parts.identityHeaders.headers(for: nil, assertion: nil)
        nobody = AcceptedGrant(headersToSet: headers.set, headersToRemove: headers.remove, metadata: [:])
    }

    package func decide(_ request: CheckRequest) -> CheckOutcome {
        // 0  The address was read once; what could be read in two ways is refused.
        let address: RequestAddress
        switch request.address {
        case .success(let readable): address = readable
        case .failure(let refusal): return .decided(refusals.unreadable(request.http, refusal))
        }
        let bytes = request.message.bytes.span
        let path = bytes.extracting(address.path.range)
        // 1  The service's own endpoints. Before the rules: none of them may open or close the way to sign in.
        if let endpoint = OwnEndpoint(path: path, below: ownPath, aliases: parts.aliases) {
            guard request.gatewayCarriesPages, !endpoint.lacksBody(request.http) else {
                return .decided(passOn(request, rule: "own endpoints", .ownEndpoints))
            }
            return endpoints.answer(endpoint, request.http).from(.ownEndpoints)
        }
        // 2  The embedded provider's pages: open, with no identity.
        if parts.providerPath?.contains(host: bytes.extracting(address.host.range), path: path) ?? false {
            return .decided(passOn(request, rule: "provider", .provider))
        }
        // 3  The rule. Closed to all, or open to all: no credential is looked at.
        guard let rule = parts.rules.match(request, at: address) else {
            return .decided(refusals.unreadable(request.http, .pathParameters))
        }
        return decide(request, address, rule).from(rule.source)
    }

    /// What the rule says; where it asks for a person, by whichever credential there is.
    private func decide(_ request: CheckRequest, _ address: RequestAddress, _ rule: CompiledRule) -> CheckOutcome {
        let bytes = request.message.bytes.span
        switch rule.permission {
        case .nobody: return .decided(refusals.forbidden(request.http, rule: rule.name, identity: nil))
        case .anyone: return .decided(accept(request, nobody, rule))
        case .signedIn, .members: break
        }
        let tenant = rule.rule.tenant?.tenant(
            host: bytes.extracting(address.host.range), path: bytes.extracting(address.path.range), of: request)
        if rule.rule.tenant != nil, tenant == nil {
            return .decided(refusals.forbidden(request.http, rule: rule.name, identity: nil))
        }
        // 4  The credential, and 5  whose it is: from memory at once, from the store or an issuer on the slow lane. One in the
        //    request's own fields goes before the session cookie (Bearer/Credentials.swift has their order).
        switch parts.credentials.lookup(request, parts.addresses) {
        case .none: return bySession(request, rule, tenant)
        case .decided(let outcome): return decide(request, outcome, rule, tenant)
        case .pending(let work): return .pending { [self] in await decide(request, await work(), rule, tenant).decision }
        }
    }

    private func decide(
        _ request: CheckRequest, _ outcome: CredentialOutcome, _ rule: CompiledRule, _ tenant: String?
    ) -> CheckOutcome {
        switch outcome {
        case .admitted(let credential): return decide(request, credential.entry, rule, tenant, mayStepUp: false)
        case .refused(let refusal):
            if parts.credentials.onInvalid == .signIn { return bySession(request, rule, tenant) }
            return .decided(refusals.credential(request.http, refusal, rule: rule.name))
        case .unavailable(let detail): return .decided(refusals.unavailable(request.http, detail: detail))
        }
    }

    private func bySession(_ request: CheckRequest, _ rule: CompiledRule, _ tenant: String?) -> CheckOutcome {
        let place = parts.cookiePlaces.place(of: request.message)
        switch parts.sessions.lookup(request.message, at: place, question(request, rule, tenant)) {
        case .granted(let grant): return .decided(accept(request, grant, rule))
        case .found(let entry): return renewing(decide(request, entry, rule, tenant), request, entry)
        case .none(let stale): return anonymous(request.http, rule, staleCookie: stale)
        case .unknown(let keys, let scope): return .loading { [self] in await load(keys, scope, request, rule, tenant) }
        case .refreshing(let refreshing): return .loading { [self] in await go(on: refreshing, request, rule, tenant) }
        }
    }

    /// `nil`: the rule asks a cluster, each time.
    private func question(_ request: CheckRequest, _ rule: CompiledRule, _ tenant: String?) -> GrantQuestion? {
        rule.asksCluster ? nil : GrantQuestion(rule: rule.index, tenant: tenant, form: request.form)
    }

    private func go(
        on refreshing: CookieRefresher.Refreshing, _ request: CheckRequest, _ rule: CompiledRule, _ tenant: String?
    ) async -> CheckOutcome {
        do throws(StoreFailure) {
            guard let entry = try await parts.sessions.refreshed(refreshing) else {
                return anonymous(request.http, rule, staleCookie: true)
            }
            return renewing(decide(request, entry, rule, tenant), request, entry)
        } catch {
            return .decided(refusals.unavailable(request.http, detail: error.detail))
        }
    }

    /// 6  May this person pass? Found out once for a session, a rule and a tenant; a rule that asks a cluster finds it out each time.
    /// - Parameters:
    ///   - mayStepUp: whether a better sign-in would be seen: a credential in the request's own fields goes before it.
    ///   - answers: what the cluster has said in this check.
    private func decide(
        _ request: CheckRequest, _ entry: CachedSession, _ rule: CompiledRule, _ tenant: String?, mayStepUp: Bool = true,
        answers: AccessAnswers = [:]
    ) -> CheckOutcome {
        if let question = question(request, rule, tenant), let grant = entry.grant(question, now: parts.clock.now) {
            return .decided(accept(request, grant, rule))
        }
        if let objection = objection(request, entry, rule, tenant, mayStepUp, answers) { return objection }
        guard let demand = rule.rule.tokenDemand else { return .decided(grant(request, entry, rule, tenant)) }
        // 7  The application's own token: from memory at once, from the provider on the slow lane.
        if let known = exchanges.known(demand, for: entry.session) {
            return .decided(grant(request, entry, rule, tenant, demand, known))
        }
        return .pending { [self] in await exchange(request, entry, rule, tenant, demand, mayStepUp, answers) }
    }

    /// What stands between a person and the application; `nil`: nothing.
    private func objection(
        _ request: CheckRequest, _ entry: CachedSession, _ rule: CompiledRule, _ tenant: String?, _ mayStepUp: Bool,
        _ answers: AccessAnswers
    ) -> CheckOutcome? {
        let identity = entry.session.identity
        switch verdict(on: identity, request, rule, tenant, answers) {
        case .permitted: break
        case .refused:
            let reason = reason(ofRefusalBy: rule, identity, request, tenant)
            return .decided(refusals.forbidden(request.http, rule: rule.name, identity: identity, reason: reason))
        case .open(let question):
            return .pending { [self] in
                switch await review(question, about: identity, rule) {
                case .unavailable(let detail): return refusals.unavailable(request.http, detail: detail, rule: rule.name)
                case .given(let answer):
                    let answers = answers.merging([question: answer]) { $1 }
                    return await decide(request, entry, rule, tenant, mayStepUp: mayStepUp, answers: answers).decision
                }
            }
        }
        guard let lack = rule.rule.requirement.lack(in: entry.session, now: parts.clock.now) else { return nil }
        return stepUp(request.http, rule, lack, mayStepUp)
    }

    private func exchange(
        _ request: CheckRequest, _ entry: CachedSession, _ rule: CompiledRule, _ tenant: String?, _ demand: TokenDemand,
        _ mayStepUp: Bool, _ answers: AccessAnswers
    ) async -> Decision {
        let result = await exchanges.result(demand, for: entry.session)
        let newest: CachedSession?
        do throws(StoreFailure) {
            newest = try await parts.sessions.newest(entry)
        } catch {
            return refusals.unavailable(request.http, detail: error.detail, rule: rule.name)
        }
        guard let newest else { return await anonymous(request.http, rule, staleCookie: true).decision }
        // New tokens may have come first, and with them other claims.
        if newest !== entry, let objection = objection(request, newest, rule, tenant, mayStepUp, answers) {
            return await objection.decision
        }
        if case .sessionEnded = result { return await anonymous(request.http, rule, staleCookie: true).decision }
        return grant(request, newest, rule, tenant, demand, result)
    }

    /// The request goes on with the application's own token, or not at all.
    private func grant(
        _ request: CheckRequest, _ entry: CachedSession, _ rule: CompiledRule, _ tenant: String?, _ demand: TokenDemand,
        _ result: ExchangeResult
    ) -> Decision {
        switch result {
        case .token(let token, let until):
            return grant(request, entry, rule, tenant, token: demand.field(token), until: until)
        case .refused(let reason):
            return refusals.noToken(request.http, rule: rule.name, identity: entry.session.identity, reason: reason)
        case .unavailable(let detail): return refusals.unavailable(request.http, detail: detail)
        case .sessionEnded: return refusals.unavailable(request.http, detail: "the session ended during a token exchange")
        }
    }

    /// Everything is in order: what the application is told, kept for the requests that follow.
    private func grant(
        _ request: CheckRequest, _ entry: CachedSession, _ rule: CompiledRule, _ tenant: String?,
        token: Accepted.Header? = nil, until tokenEnd: UnixTime = UnixTime(seconds: .max)
    ) -> Decision {
        guard let made = makeGrant(for: entry, rule, token) else {
            return refusals.failed(request.http, detail: "the assertion could not be signed")
        }
        let until = min(made.until, tokenEnd, rule.rule.requirement.holds(for: entry.session))
        entry.keep(made.grant, rule: rule, tenant: tenant, until: until)
        return accept(request, made.grant, rule)
    }

    /// 8  Nobody is signed in: browsers that can go to the sign-in are sent there, everybody else is told.
    private func anonymous(_ request: WebRequest, _ rule: CompiledRule, staleCookie: Bool) -> CheckOutcome {
        if rule.onAnonymous != .unauthorized, let page = endpoints.keptPosts.answerAnonymous(request) { return .decided(page) }
        guard rule.sendsToSignIn(request) else { return .decided(refusals.unauthenticated(request)) }
        return signIn.begin(for: request, demand: rule.rule.requirement.demand, staleCookie: staleCookie)
    }

    /// Somebody is signed in, but not as the rule asks: the same once more, and better. The session stays until there is another.
    private func stepUp(_ request: WebRequest, _ rule: CompiledRule, _ lack: AuthenticationLack, _ mayStepUp: Bool)
        -> CheckOutcome
    {
        let requirement = rule.rule.requirement
        guard mayStepUp, rule.sendsToSignIn(request) else {
            return .decided(refusals.insufficient(request, requirement, lack, rule: rule.name))
        }
        return signIn.begin(for: request, demand: requirement.demand, staleCookie: false)
    }

    /// The outcome with the session's cookie written anew, where the cookie holds the session and it is time for it.
    private func renewing(_ outcome: CheckOutcome, _ request: CheckRequest, _ entry: CachedSession) -> CheckOutcome {
        switch outcome {
        case .decided(let decision): .decided(renewing(decision, request, entry))
        case .pending(let work) where parts.sessions.areInCookies: .pending { [self] in renewing(await work(), request, entry) }
        case .pending, .loading: outcome
        }
    }

    private func renewing(_ decision: Decision, _ request: CheckRequest, _ entry: CachedSession) -> Decision {
        guard case .accept(var accepted) = decision, let cookie = parts.sessions.renewedCookie(entry) else { return decision }
        let origin = parts.addresses.place(of: request.http).origin
        accepted.cookies += parts.sessionCookies(
            cookie.value, isRemembered: cookie.isRemembered, for: request.http, on: origin)
        return .accept(accepted)
    }

    private func load(
        _ keys: [Sessions.Candidate], _ scope: String, _ request: CheckRequest, _ rule: CompiledRule, _ tenant: String?
    ) async -> CheckOutcome {
        do throws(StoreFailure) {
            if let entry = try await parts.sessions.load(keys, scope: scope) {
                return renewing(decide(request, entry, rule, tenant), request, entry)
            }
        } catch {
            // Only where the operator has said so by name, and only whoever was here before.
            if let entry = parts.sessions.known(keys, scope: scope, for: rule.rule.knownSessionsGoOn) {
                return decide(request, entry, rule, tenant)
            }
            return .decided(refusals.unavailable(request.http, detail: error.detail))
        }
        return anonymous(request.http, rule, staleCookie: true)
    }

    private func accept(_ request: CheckRequest, _ grant: AcceptedGrant, _ rule: CompiledRule) -> Decision {
        var accepted = Accepted(
            grant: grant, rule: rule.name, source: rule.source, sentByClient: parts.identityHeaders.sent(in: request.message))
        if let ownCookies = parts.ownCookies { accepted.cookieHeader = ownCookies.remainder(of: request.message) }
        return .accept(accepted)
    }

    /// To our own pages on the web listener, which need our cookies.
    private func passOn(_ request: CheckRequest, rule: String, _ source: DecisionSource) -> Decision {
        .accept(
            Accepted(
                grant: nobody, rule: rule, source: source, sentByClient: parts.identityHeaders.sent(in: request.message)))
    }

    /// What a person's requests are given, and until when; `nil`: the assertion could not be signed.
    private func makeGrant(
        for entry: CachedSession, _ rule: CompiledRule, _ token: Accepted.Header?
    ) -> (grant: AcceptedGrant, until: UnixTime)? {
        let now = parts.clock.now
        if let known = entry.grant(of: rule.rule.grantContent, now: now) { return known }
        var assertion: Accepted.Header?
        var until = UnixTime(seconds: .max)
        if let signer = parts.assertions {
            guard let signed = try? signer.sign(entry.session, audience: rule.rule.audience, now: now) else { return nil }
            assertion = Accepted.Header(name: signer.header, value: signed.token)
            until = signed.renewAt
        }
        let identity = entry.session.identity
        let headers = parts.identityHeaders.headers(
            for: entry.session, assertion: assertion, changes: rule.rule.headers, token: token)
        let remove = headers.remove + (entry.hidesCredential ? ["authorization"] : [])
        return (AcceptedGrant(headersToSet: headers.set, headersToRemove: remove, for: identity), until)
    }
}

extension Authorizer {
    /// For administration and sweeping; `nil` where nobody may have any.
    package var personalTokens: PersonalTokens? { parts.credentials.personalTokens }

    package func refuse(_ check: UnreadableCheck) -> Decision {
        check.status == 503 ? refusals.overloaded(check) : refusals.unreadable(check)
    }

    /// The web listener's way to the service's own endpoints.
    /// - Returns: `nil` for a path that is none of them.
    package func answerOwnEndpoint(_ request: WebRequest) async -> WebResponse? {
        let check = CheckRequest(http: request, gatewayCarriesPages: true)
        guard case .success(let address) = check.address,
            let endpoint = OwnEndpoint(
                path: check.message.bytes.span.extracting(address.path.range), below: ownPath, aliases: parts.aliases)
        else { return nil }
        return await endpoints.answer(endpoint, request).decision.response
    }
}
