import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// Sends browsers to the provider.
struct SignIn: Sendable {
    let parts: AuthServiceParts
    let refusals: Refusals
    /// Derived once: every anonymous navigation seals with them.
    let stateKeys: SealingKeys
    let replyKeys: SealingKeys
    private let seedKeys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        stateKeys = parts.sealingKeys.forPurpose(SignInState.purpose)
        replyKeys = parts.sealingKeys.forPurpose(PostedReply.purpose)
        seedKeys = parts.sealingKeys.forPurpose(BrowserSeed.purpose)
    }

    /// Rounds of one sign-in before we stop and explain.
    static let maximumAttempts: Int64 = 3

    /// For a page that needs a user: to the provider, and from there back to this page.
    func begin(
        for request: WebRequest, demand: SignInDemand = SignInDemand(), staleCookie: Bool
    ) -> CheckOutcome {
        switch parts.addresses.place(of: request) {
        case .known(let origin):
            let target = parts.addresses.target(request.target, at: origin)
            return beginOrAsk(request, at: origin, target: target, demand: demand, staleCookie: staleCookie)
        case .sharing(let home, let here):
            let target = parts.addresses.target("\(here)\(request.target)", at: home)
            return beginOrAsk(request, at: home, target: target, demand: demand, staleCookie: staleCookie)
        case .foreign(let home):
            // Cookies set here would not be there at the callback: the sign-in begins at home, where they are.
            let wanted = RedirectTarget(request.target, home: home)?.relative ?? "/"
            return .decided(
                .redirect(Redirection(location: SignInAddress(wanted, demand, asks: parts.keepsFragment).url(parts, home))))
        }
    }

    /// At once where one provider is meant, else over the page on which people choose.
    private func beginOrAsk(
        _ request: WebRequest, at origin: Origin, target: String, demand: SignInDemand, staleCookie: Bool
    ) -> CheckOutcome {
        let isOneMeant = provider(demand, on: request) != nil || parts.providers.isEmpty
        guard parts.keepsFragment || asksToRemember(demand) || !isOneMeant else {
            return begin(request, at: origin, target: target, demand: demand, staleCookie: staleCookie)
        }
        let gone = staleCookie ? parts.sessionCookiesGone(for: request, on: origin) : []
        return .decided(
            .redirect(
                Redirection(location: SignInAddress(target, demand, asks: true).url(parts, origin), cookies: gone)))
    }

    /// Whether people still have to say if their browser should keep the session.
    private func asksToRemember(_ demand: SignInDemand) -> Bool {
        switch parts.sessions.lifetimes.remembering {
        case .asked: demand.isRemembered == nil && !parts.providers.isEmpty
        case .always, .never: false
        }
    }

    /// The `sign-in` endpoint: `rd` says where to go afterwards, `provider` at which provider, `remember` (1 or 0) whether the browser
    /// should keep the session. Asks where neither the query nor the host says which, where people have to choose whether they are
    /// remembered, and where the browser has to say what stands behind the `#` of the address.
    func beginAgain(_ request: WebRequest) -> CheckOutcome {
        let origin = parts.addresses.place(of: request).origin
        let address = SignInAddress(FormFields(query: request.query), scopes: parts.rules.scopes)
        let target = parts.addresses.target(address.target, at: origin)
        let named = provider(address.demand, on: request)
        guard !parts.providers.isEmpty, named == nil || address.asks || asksToRemember(address.demand) else {
            return begin(request, at: origin, target: target, demand: address.demand, staleCookie: false)
        }
        let offered = named.map { [$0] } ?? parts.providers.offered(on: host(of: request))
        return .decided(choice(offered.isEmpty ? parts.providers : offered, target: target, address.demand, origin, request))
    }

    private func choice(
        _ providers: [SignInProvider], target: String, _ demand: SignInDemand, _ origin: Origin,
        _ request: WebRequest
    ) -> Decision {
        func links(isRemembered: Bool?) -> [PageLink] {
            providers.compactMap { provider in
                var demand = demand
                (demand.providerID, demand.isRemembered) = (provider.id, isRemembered)
                return PageLink(label: provider.name, href: parts.signInURL(at: origin, target: target, demand: demand))
            }
        }
        let asks = asksToRemember(demand)
        let page = SignInPage(
            links: links(isRemembered: asks ? false : demand.isRemembered),
            rememberedLinks: asks ? links(isRemembered: true) : nil, look: parts.look(for: request))
        return .respond(Page(response: page.response()))
    }

    /// - Parameters:
    ///   - target: where to end, checked.
    ///   - attempts: how often this sign-in has begun already.
    func begin(
        _ request: WebRequest, at origin: Origin, target: String, demand: SignInDemand, attempts: Int64 = 0, staleCookie: Bool
    ) -> CheckOutcome {
        let held = heldSeed(of: request, at: origin)
        if held?.rounds.isLoop(at: parts.clock.now) ?? false {
            return .decided(refusals.signInLoops(request, retry: parts.signInURL(at: origin, target: target)))
        }
        guard let provider = provider(demand, on: request) ?? parts.providers.first else {
            return .decided(refusals.failed(request, detail: "no provider is configured"))
        }
        let start: SignInStart
        do {
            start = try self.start(
                held, at: origin, target: target, provider, demand, attempts: attempts,
                staleCookie ? parts.sessionCookiesGone(for: request, on: origin) : [])
        } catch {
            return .decided(refusals.failed(request, detail: "the sign-in state could not be sealed"))
        }
        if let url = provider.client.cachedAuthorizationURL(start.authorization) {
            return .decided(.redirect(Redirection(location: url, cookies: start.cookies)))
        }
        return .pending {
            do throws(UpstreamFailure) {
                let url = try await provider.client.authorizationURL(start.authorization)
                return .redirect(Redirection(location: url, cookies: start.cookies))
            } catch {
                return refusals.unavailable(request, detail: "provider \(provider.id): \(error.detail)")
            }
        }
    }

    /// The provider that is meant: the one named, or the only one that the host offers.
    private func provider(_ demand: SignInDemand, on request: WebRequest) -> SignInProvider? {
        if let named = parts.providers.first(where: { provider in demand.providerID.map { sameBytes($0, provider.id) } ?? false })
        {
            return named
        }
        let offered = parts.providers.offered(on: host(of: request))
        return offered.count == 1 ? offered.first : nil
    }

    private func host(of request: WebRequest) -> String { RequestHost(request.authority)?.name ?? "" }

    private struct SignInStart: Sendable {
        let authorization: AuthorizationRequest
        let cookies: [String]
    }

    private func start(
        _ held: BrowserSeed?, at origin: Origin, target: String, _ provider: SignInProvider, _ demand: SignInDemand,
        attempts: Int64, _ stale: [String]
    ) throws -> SignInStart {
        let now = parts.clock.now
        var cookies: [String] = []
        let seed: BrowserSeed
        if let held, held.isFresh(now) {
            seed = held
        } else {
            seed = BrowserSeed(randomness: parts.randomness, now: now, rounds: held?.rounds ?? SignInRounds())
            let value = try seed.cookieValue(keys: seedKeys)
            cookies.append(parts.cookies.signIn(value, on: origin, maxAge: BrowserSeed.life).headerValue)
        }
        cookies += stale
        let state = SignInState(
            target: target, providerID: provider.id, startedAt: now, attempts: attempts + 1, maxAge: demand.maxAge,
            acrValues: demand.acrValues, amr: demand.amr, scopes: demand.scopes, isRemembered: demand.isRemembered,
            browser: seed.binding, salt: parts.randomness.bytes(16))
        var authorization = AuthorizationRequest(
            redirectURI: redirectURI(origin, provider), state: try state.sealed(with: stateKeys),
            nonce: seed.nonce(salt: state.salt), codeChallenge: PKCE.challenge(of: seed.codeVerifier(salt: state.salt)))
        (authorization.maxAge, authorization.acrValues) = (demand.maxAge, demand.acrValues)
        (authorization.prompt, authorization.loginHint) = (demand.prompt, demand.loginHint)
        if !demand.scopes.isEmpty { authorization.scopes = provider.client.client.scopes.adding(demand.scopes) }
        return SignInStart(authorization: authorization, cookies: cookies)
    }

    func redirectURI(_ origin: Origin, _ provider: SignInProvider) -> String { "\(origin)\(parts.callbackPath(provider))" }

    /// The seed in the request's cookie that a sign-in may end with.
    func browserSeed(of request: WebRequest, at origin: Origin) -> BrowserSeed? {
        heldSeed(of: request, at: origin).flatMap { $0.isUsable(parts.clock.now) ? $0 : nil }
    }

    /// The seed in the request's cookie, spent or not; of several that open, the first.
    private func heldSeed(of request: WebRequest, at origin: Origin) -> BrowserSeed? {
        RequestCookies(request.headers).all(named: parts.cookies.signInName(on: origin)).prefix(4).lazy
            .compactMap { BrowserSeed(cookieValue: $0, keys: seedKeys) }.first
    }

    /// The cookie in the place of the one that a sign-in was begun with, when that has come to its end.
    func spentCookie(after seed: BrowserSeed?, at origin: Origin) -> String {
        let rounds = (seed?.rounds ?? SignInRounds()).adding(at: parts.clock.now)
        guard let value = try? BrowserSeed.spent(rounds, randomness: parts.randomness).cookieValue(keys: seedKeys) else {
            return parts.cookies.signIn("", on: origin, maxAge: 0).deletion.headerValue
        }
        return parts.cookies.signIn(value, on: origin, maxAge: SignInRounds.window).headerValue
    }
}
