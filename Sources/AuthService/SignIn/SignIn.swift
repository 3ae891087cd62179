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
    private let seedKeys: SealingKeys

    init(parts: AuthServiceParts, refusals: Refusals) {
        self.parts = parts
        self.refusals = refusals
        stateKeys = parts.sealingKeys.forPurpose(SignInState.purpose)
        seedKeys = parts.sealingKeys.forPurpose(BrowserSeed.purpose)
    }

    /// Rounds of one sign-in before we stop and explain.
    static let maximumAttempts: Int64 = 3

    /// For a page that needs a user: to the provider, and from there back to this page.
    func begin(for request: WebRequest, staleCookie: Bool) -> CheckOutcome {
        switch parts.addresses.place(of: request) {
        case .known(let origin):
            return begin(
                request, at: origin, target: parts.addresses.target(request.target, at: origin), staleCookie: staleCookie)
        case .sharing(let home, let here):
            return begin(
                request, at: home, target: parts.addresses.target("\(here)\(request.target)", at: home), staleCookie: staleCookie)
        case .foreign(let home):
            // Cookies set here would not be there at the callback: the sign-in begins at home, where they are.
            let wanted = RedirectTarget(request.target, home: home)?.relative ?? "/"
            return .decided(.redirect(Redirection(location: parts.signInURL(at: home, target: wanted))))
        }
    }

    /// The `sign-in` endpoint: `rd` says where to go afterwards, `provider` at which provider.
    func beginAgain(_ request: WebRequest) -> CheckOutcome {
        let origin = parts.addresses.place(of: request).origin
        let fields = FormFields(query: request.query)
        let target = parts.addresses.target(fields?.first("rd") ?? "/", at: origin)
        return begin(request, at: origin, target: target, providerID: fields?.first("provider"), staleCookie: false)
    }

    /// - Parameters:
    ///   - target: where to end, checked.
    ///   - attempts: how often this sign-in has begun already.
    func begin(
        _ request: WebRequest, at origin: Origin, target: String, providerID: String? = nil, attempts: Int64 = 0,
        staleCookie: Bool
    ) -> CheckOutcome {
        guard let provider = provider(providerID) else {
            return .decided(refusals.failed(request, detail: "no provider is configured"))
        }
        let start: SignInStart
        do {
            start = try self.start(request, at: origin, target: target, provider: provider, attempts: attempts, staleCookie)
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

    /// The provider called `id`; the first one where none is named or known.
    func provider(_ id: String?) -> SignInProvider? {
        parts.providers.first { provider in id.map { sameBytes($0, provider.id) } ?? false } ?? parts.providers.first
    }

    private struct SignInStart: Sendable {
        let authorization: AuthorizationRequest
        let cookies: [String]
    }

    private func start(
        _ request: WebRequest, at origin: Origin, target: String, provider: SignInProvider, attempts: Int64, _ staleCookie: Bool
    ) throws -> SignInStart {
        let now = parts.clock.now
        var cookies: [String] = []
        let seed: BrowserSeed
        if let held = browserSeed(of: request, at: origin), held.isFresh(now) {
            seed = held
        } else {
            seed = BrowserSeed(randomness: parts.randomness, now: now)
            let value = try seed.cookieValue(keys: seedKeys)
            cookies.append(parts.cookies.signIn(value, on: origin, maxAge: BrowserSeed.life).headerValue)
        }
        if staleCookie { cookies.append(parts.cookies.session("", on: origin, maxAge: 0).deletion.headerValue) }
        let state = SignInState(
            target: target, providerID: provider.id, startedAt: now, attempts: attempts + 1, browser: seed.binding,
            salt: parts.randomness.bytes(16))
        let authorization = AuthorizationRequest(
            redirectURI: redirectURI(origin), state: try state.sealed(with: stateKeys),
            nonce: seed.nonce(salt: state.salt), codeChallenge: PKCE.challenge(of: seed.codeVerifier(salt: state.salt)))
        return SignInStart(authorization: authorization, cookies: cookies)
    }

    func redirectURI(_ origin: Origin) -> String { "\(origin)\(parts.ownPath)/callback" }

    /// The seed in the request's cookie; of several that open, the first.
    func browserSeed(of request: WebRequest, at origin: Origin) -> BrowserSeed? {
        RequestCookies(request.headers).all(named: parts.cookies.signInName(on: origin)).prefix(4).lazy
            .compactMap { BrowserSeed(cookieValue: $0, keys: seedKeys, now: parts.clock.now) }.first
    }
}
