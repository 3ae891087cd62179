import Accounts
import JOSE
package import Web

/// The decision about one request. `decide` is the whole way in order; each step is a function of its own, and only a session
/// that is not in memory and the endpoints that talk to a provider or a store leave the event loop.
package struct Authorizer: Authorizing {
    private let parts: AuthServiceParts
    private let endpoints: OwnEndpoints
    private let signIn: SignIn
    private let refusals: Refusals

    package init(_ parts: AuthServiceParts) {
        self.parts = parts
        refusals = Refusals(parts: parts)
        signIn = SignIn(parts: parts, refusals: refusals)
        endpoints = OwnEndpoints(parts: parts, signIn: signIn, refusals: refusals)
    }

    package func decide(_ request: CheckRequest) -> CheckOutcome {
        // 0  Read the address once; what could be read in two ways is refused.
        let address: RequestAddress
        switch RequestAddress.read(request.http) {
        case .success(let readable): address = readable
        case .failure(let refusal): return .decided(refusals.unreadable(request.http, refusal))
        }
        // 1  The service's own endpoints. Before the rules: none of them may open or close the way to sign in.
        if let endpoint = OwnEndpoint(path: address.path, below: parts.ownPath) {
            guard request.gatewayCarriesPages else { return .decided(accept(request, nil, rule: "own endpoints")) }
            return endpoints.answer(endpoint, request.http)
        }
        // 2  The embedded provider's pages: open, with no identity.
        if parts.providerPath?.contains(host: address.host, path: address.path.bytes) ?? false {
            return .decided(accept(request, nil, rule: "provider"))
        }
        // 3  The rule. Closed to all, or open to all: no credential is looked at.
        guard let rule = parts.rules.match(method: request.http.method, address: address) else {
            return .decided(refusals.unreadable(request.http, .pathParameters))
        }
        switch rule.permission {
        case .nobody: return .decided(refusals.forbidden(request.http, rule: rule.name, identity: nil))
        case .anyone: return .decided(accept(request, nil, rule: rule.name))
        case .signedIn, .members: break
        }
        // 4  The credential, and 5  whose it is: from memory at once, from the store on the slow lane.
        switch parts.sessions.lookup(parts.sessionCookies(of: request.http)) {
        case .found(let entry): return .decided(decide(request, entry, rule))
        case .none(let stale): return anonymous(request, rule, staleCookie: stale)
        case .unknown(let keys, let scope): return .pending { await load(keys, scope, request, rule) }
        }
    }

    /// 6  May this person pass?
    private func decide(_ request: CheckRequest, _ entry: SessionCache.Entry, _ rule: RuleSet.Match) -> Decision {
        let identity = entry.session.identity
        guard rule.permission.permits(identity) else {
            return refusals.forbidden(request.http, rule: rule.name, identity: identity)
        }
        return accept(request, entry, rule: rule.name)
    }

    /// 7  Nobody is signed in: browsers that can go to the sign-in are sent there, everybody else is told.
    private func anonymous(_ request: CheckRequest, _ rule: RuleSet.Match, staleCookie: Bool) -> CheckOutcome {
        let isRedirected =
            switch rule.onAnonymous {
            case .redirect: true
            case .unauthorized: false
            case nil: Caller(request.http) == .navigation
            }
        guard isRedirected else { return .decided(refusals.unauthenticated(request.http)) }
        return signIn.begin(for: request.http, staleCookie: staleCookie)
    }

    private func load(_ keys: [SessionKey], _ scope: String, _ request: CheckRequest, _ rule: RuleSet.Match) async -> Decision {
        do throws(StoreFailure) {
            if let entry = try await parts.sessions.load(keys, scope: scope) { return decide(request, entry, rule) }
        } catch {
            return refusals.unavailable(request.http, detail: error.detail)
        }
        return await anonymous(request, rule, staleCookie: true).decision
    }

    private func accept(_ request: CheckRequest, _ entry: SessionCache.Entry?, rule: String) -> Decision {
        var assertion: Accepted.Header?
        if let entry, let signer = parts.assertions {
            guard let token = assertionToken(entry, signer) else {
                return refusals.failed(request.http, detail: "the assertion could not be signed")
            }
            assertion = Accepted.Header(name: signer.header, value: token)
        }
        let identity = entry?.session.identity
        let headers = parts.identityHeaders.headers(for: identity, assertion: assertion, client: request.http.headers)
        var metadata: [String: JSONValue] = ["rule": .string(rule)]
        if let identity {
            metadata["user"] = .string(identity.email ?? identity.subject)
            metadata["subject"] = .string(identity.subject)
            metadata["groups"] = .strings(identity.groups)
        }
        return .accept(Accepted(headersToSet: headers.set, headersToRemove: headers.remove, metadata: metadata))
    }

    private func assertionToken(_ entry: SessionCache.Entry, _ signer: AssertionSigner) -> String? {
        let now = parts.clock.now
        if let assertion = entry.assertion, now < assertion.renewAt { return assertion.token }
        guard let assertion = try? signer.sign(entry.session, now: now) else { return nil }
        parts.sessions.keep(assertion, for: entry.session.key)
        return assertion.token
    }
}

extension Authorizer {
    package func refuse(_ check: UnreadableCheck) -> Decision { refusals.unreadable(check) }

    /// The web listener's way to the service's own endpoints.
    /// - Returns: `nil` for a path that is none of them.
    package func answerOwnEndpoint(_ request: WebRequest) async -> WebResponse? {
        guard case .success(let address) = RequestAddress.read(request),
            OwnEndpoint(path: address.path, below: parts.ownPath) != nil
        else { return nil }
        return await decide(CheckRequest(http: request, gatewayCarriesPages: true)).decision.response
    }
}
