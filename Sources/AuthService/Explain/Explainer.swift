package import Accounts
import JOSE
import RelyingParty
package import Web

/// Goes the way of the `Authorizer` with a person who is made up, and writes down what it finds. Asks no store and no provider.
package struct Explainer: Sendable {
    private let ownPath: [UInt8]
    private let aliases: PathAliases
    private let providerPath: ProviderPath?
    private let rules: RuleSet
    private let identityHeaders: IdentityHeaders
    private let accessSubjects: AccessSubjectMapping?

    /// - Parameter accessSubjects: whom a Kubernetes API server would be asked about.
    package init(
        ownPath: String, aliases: PathAliases = .none, providerPath: ProviderPath?, rules: RuleSet,
        identityHeaders: IdentityHeaders, accessSubjects: AccessSubjectMapping? = nil
    ) {
        self.accessSubjects = accessSubjects
        self.ownPath = Array(ownPath.utf8)
        self.aliases = aliases
        self.providerPath = providerPath
        self.rules = rules
        self.identityHeaders = identityHeaders.owning(rules.headerNames)
    }

    /// - Parameter identity: who is signed in; `nil`: nobody.
    package func explain(_ http: WebRequest, identity: Identity?) -> Explanation {
        let request = CheckRequest(http: http, gatewayCarriesPages: true)
        switch request.address {
        case .failure(let refusal): return unreadable(refusal)
        case .success(let address):
            var explanation = decided(request, address, http, identity)
            explanation.host = request.message.text(address.host)
            explanation.path = request.message.text(address.path)
            return explanation
        }
    }

    private func unreadable(_ refusal: RequestAddress.Refusal) -> Explanation {
        var explanation = Explanation(.reject, status: 400)
        explanation.reasons = ["The request is refused before any rule: \(refusal.reason)."]
        return explanation
    }

    private func decided(
        _ request: CheckRequest, _ address: RequestAddress, _ http: WebRequest, _ identity: Identity?
    ) -> Explanation {
        let bytes = request.message.bytes.span
        let path = bytes.extracting(address.path.range)
        let host = bytes.extracting(address.host.range)
        if OwnEndpoint(path: path, below: ownPath, aliases: aliases) != nil {
            var explanation = Explanation(.respond)
            explanation.rule = "own endpoints"
            explanation.reasons = ["The path is one of the service's own: it answers before any rule."]
            return explanation
        }
        if providerPath?.contains(host: host, path: path) ?? false {
            return accepted(request, nil, rule: "provider", "The path is the embedded provider's: open, with no identity.")
        }
        guard let rule = rules.match(request, at: address) else { return unreadable(.pathParameters) }
        var explanation = decided(request, http, rule, tenant(rule, host, path, request), identity)
        explanation.rule = rule.name
        explanation.ruleIndex = rule.index < 0 ? nil : rule.index
        let found =
            rule.index < 0
            ? "No rule takes the request: a signed-in user is needed."
            : "\(rule.name) is the first rule that takes the host, path, method and whatever else it asks of the request."
        explanation.reasons.insert(found, at: 0)
        return explanation
    }

    private func tenant(
        _ rule: CompiledRule, _ host: Span<UInt8>, _ path: Span<UInt8>, _ request: CheckRequest
    ) -> String? {
        rule.rule.tenant?.tenant(host: host, path: path, of: request)
    }

    private func decided(
        _ request: CheckRequest, _ http: WebRequest, _ rule: CompiledRule, _ tenant: String?, _ identity: Identity?
    ) -> Explanation {
        switch rule.permission {
        case .nobody: return refused("It lets nobody in.")
        case .anyone:
            return accepted(request, nil, rule: rule.name, "It lets anyone in; the application gets no identity.")
        case .signedIn, .members: break
        }
        if rule.rule.tenant != nil, tenant == nil { return refused("The request names no tenant where the rule looks for one.") }
        guard let identity else { return anonymous(http, rule) }
        let name = identity.email ?? identity.subject
        let values = RequestValues(request, tenant: tenant)
        let subject = accessSubjects?.subject(of: identity)
        let verdict = rule.permission.verdict(on: identity, values) { _ in subject == nil ? false : nil }
        if verdict == .refused { return refused(sentences(on: rule, values, subject, "It does not let \(name) in.")) }
        var explanation = accepted(request, identity, rule: rule.name, "It lets \(name) in.", changes: rule.rule.headers)
        if let subject, case .open = verdict {
            explanation.reasons = [
                "It lets \(name) in where the Kubernetes API server allows \(subject) to "
                    + rule.permission.questions(values).map(\.description).joined(separator: ", or to ") + "."
            ]
        }
        explanation.tenant = tenant
        explanation.reasons += rule.rule.requirement.sentences
        if let demand = rule.rule.tokenDemand {
            explanation.reasons.append(demand.sentence)
            explanation.headersToRemove.removeAll { sameBytes($0, demand.header) }
        }
        return explanation
    }

    private func refused(_ reasons: String...) -> Explanation { refused(reasons) }

    private func refused(_ reasons: [String]) -> Explanation {
        var explanation = Explanation(.reject, status: 403)
        explanation.reasons = reasons
        return explanation
    }

    /// Why a cluster would not even be asked, where the rule asks one.
    private func sentences(
        on rule: CompiledRule, _ values: RequestValues, _ subject: AccessSubject?, _ reason: String
    ) -> [String] {
        guard rule.asksCluster else { return [reason] }
        if subject == nil { return [reason, "The cluster has no name for this person: the API server is not asked."] }
        return rule.permission.questions(values).isEmpty
            ? [reason, "The request lacks what the API server would be asked about."] : [reason]
    }

    private func anonymous(_ http: WebRequest, _ rule: CompiledRule) -> Explanation {
        let isRedirected = rule.sendsToSignIn(http)
        var explanation = isRedirected ? Explanation(.redirect, status: 302) : Explanation(.reject, status: 401)
        let kind = isRedirected ? "is sent to the sign-in" : "gets 401"
        explanation.reasons = ["It needs a user, and there is none: such a request \(kind)."] + rule.rule.requirement.sentences
        return explanation
    }

    /// One that nobody has: for the headers, which are made from sessions.
    private func session(of identity: Identity) -> Session {
        let epoch = UnixTime(seconds: 0)
        return Session(
            key: SessionKey(digest: sha256("explain".utf8)), identity: identity, scope: "", providerID: "",
            providerSessionID: nil,
            authTime: epoch, createdAt: epoch, lastUsedAt: epoch, expiresAt: epoch, idToken: nil, refreshToken: nil)
    }

    private func accepted(
        _ request: CheckRequest, _ identity: Identity?, rule: String, _ reason: String, changes: [RuleHeader] = []
    ) -> Explanation {
        let headers = identityHeaders.headers(for: identity.map(session), assertion: nil, changes: changes)
        let accepted = Accepted(
            grant: AcceptedGrant(headersToSet: headers.set, headersToRemove: headers.remove, metadata: [:]), rule: rule,
            sentByClient: identityHeaders.sent(in: request.message))
        var explanation = Explanation(.accept)
        explanation.rule = rule
        explanation.reasons = [reason]
        explanation.headersToSet = accepted.headersToSet
        explanation.headersToRemove = accepted.headersToRemove
        return explanation
    }
}

extension AuthenticationRequirement {
    /// What the rule asks of the sign-in, in words.
    fileprivate var sentences: [String] {
        var sentences: [String] = []
        if let maxAge { sentences.append("The credentials must have been given in the last \(maxAge) seconds (maxAge).") }
        if !acr.isEmpty { sentences.append("The provider must confirm acr \(acr.joined(separator: " or ")).") }
        if !amr.isEmpty { sentences.append("The provider must name amr \(amr.joined(separator: " or ")).") }
        if let providerID { sentences.append("The sign-in must be at the provider \(providerID).") }
        if !scopes.isEmpty { sentences.append("The provider must have granted the scopes \(scopes.joined(separator: ", ")).") }
        if let sessionLifetime { sentences.append("A session counts for \(sessionLifetime) seconds here.") }
        return sentences
    }
}
