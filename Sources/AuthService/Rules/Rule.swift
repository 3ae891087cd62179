/// Who may send which requests. Empty lists of hosts, paths or methods mean all of them.
package struct Rule: Sendable {
    package var hosts: [HostPattern]
    package var paths: [PathPattern]
    /// Upper-case tokens, compared as they are (RFC 9110 §9.1).
    package var methods: [String]
    /// What else has to hold of a request; all of them.
    package var conditions: [RuleCondition]
    package var permission: Permission
    /// What a request without a user gets; `nil`: what fits the kind of request.
    package var onAnonymous: OnAnonymous?
    /// Whether browsers' preflight requests for these hosts, paths and methods pass with no identity: they never carry a credential.
    package var allowsPreflight: Bool
    package var requirement = AuthenticationRequirement()
    /// For whom assertions are signed under this rule; `nil`: as everywhere.
    package var audience: String?
    /// What is told of people beside, or in place of, what is told everywhere.
    package var headers: [RuleHeader] = []
    /// The token of its own that the application is given.
    package var tokenDemand: TokenDemand?
    /// Whose the addressed part of the application is; people get in where `permission` has that tenant in its names.
    package var tenant: TenantSource?
    /// Seconds for which sessions in memory go on while the store cannot be asked.
    package var knownSessionsGoOn: Int64 = 0

    package enum OnAnonymous: Sendable {
        case redirect
        case unauthorized
    }

    package init(
        hosts: [HostPattern] = [], paths: [PathPattern] = [], methods: [String] = [], conditions: [RuleCondition] = [],
        permission: Permission, onAnonymous: OnAnonymous? = nil, allowsPreflight: Bool = false
    ) {
        self.hosts = hosts
        self.paths = paths
        self.methods = methods
        self.conditions = conditions
        self.permission = permission
        self.onAnonymous = onAnonymous
        self.allowsPreflight = allowsPreflight
    }
}

extension Rule {
    /// What a person's requests are given under the rule: the same for all rules that agree on this.
    var grantContent: GrantContent { GrantContent(audience: audience, headers: headers, tokenDemand: tokenDemand) }

    /// The same for trying it out, where no provider is to be asked for tokens.
    package var withoutExchange: Rule {
        var rule = self
        rule.tokenDemand = nil
        return rule
    }

    /// What opens the way to preflight requests, if the rule does. Its headers are not asked for: no preflight has them.
    var preflight: Rule? {
        guard allowsPreflight else { return nil }
        let others = conditions.filter { if case .headers = $0 { false } else { true } }
        return Rule(
            hosts: hosts, paths: paths, methods: ["OPTIONS"], conditions: others + [.preflight(for: methods)],
            permission: .anyone)
    }
}

/// What a grant depends on beside the person.
struct GrantContent: Sendable, Equatable {
    /// Of the assertion.
    let audience: String?
    let headers: [RuleHeader]
    let tokenDemand: TokenDemand?
}

/// One host, or every name below one. Hosts are compared in lower case and without port.
package enum HostPattern: Sendable {
    case exact(String)
    /// `*.example.com`, held as `.example.com`.
    case below(suffix: String)
}
