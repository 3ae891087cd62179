import Accounts
import AuthService
import RelyingParty
import Settings
import Web

extension Rule {
    /// A rule of the configuration file as the auth service applies it.
    init(_ rule: AccessRule) {
        self.init(
            hosts: rule.hosts.map(AuthService.HostPattern.init),
            paths: rule.paths.map(AuthService.PathPattern.init), methods: rule.methods,
            conditions: RuleCondition.all(of: rule.when, closing: rule.allow == .nobody), permission: Permission(rule.allow),
            onAnonymous: rule.onAnonymous.map { $0 == .redirect ? .redirect : .unauthorized },
            allowsPreflight: rule.allowPreflight)
        requirement = AuthenticationRequirement(
            maxAge: rule.signIn.maxAge, acr: rule.signIn.acr, amr: rule.signIn.amr, providerID: rule.signIn.provider,
            sessionLifetime: rule.signIn.sessionLifetime, scopes: rule.signIn.scopes)
        audience = rule.audience
        headers = rule.headers.map { header in
            AuthService.RuleHeader(header: header.name, template: header.template.flatMap { HeaderTemplate($0) })
        }
        tokenDemand = rule.tokenExchange.map(TokenDemand.init)
        tenant = rule.tenant.map(AuthService.TenantSource.init)
        knownSessionsGoOn = rule.knownSessionsGoOn
    }
}

extension TokenDemand {
    init(_ settings: TokenExchangeSettings) {
        let type: ExchangeTarget.TokenType =
            switch settings.tokenType {
            case .accessToken: .accessToken
            case .jwt: .jwt
            case .idToken: .idToken
            }
        self.init(
            target: ExchangeTarget(
                audiences: settings.audiences, resources: settings.resources, scopes: settings.scopes, tokenType: type),
            header: settings.header)
    }
}

extension AuthService.TenantSource {
    init(_ source: Settings.TenantSource) {
        switch source {
        case .host(let name): self = .host(suffix: "." + name)
        case .path(let prefix): self = .path(prefix: Array(prefix.utf8))
        case .header(let name): self = .header(name: name)
        }
    }
}

extension AuthService.PathPattern {
    init(_ pattern: Settings.PathPattern) {
        switch pattern {
        case .exact(let path): self = .exact(Array(path.utf8))
        case .below(let prefix): self = .below(prefix: Array(prefix.utf8))
        case .glob(let segments, let isBelow):
            self = .glob(
                segments.map { segment in
                    switch segment {
                    case .literal(let name): .literal(Array(name.utf8))
                    case .one(let suffix): .one(suffix: Array(suffix.utf8))
                    case .anySegments: .anySegments
                    }
                }, isBelow: isBelow)
        }
    }
}

extension RuleCondition {
    /// - Parameter closing: whether the rule refuses; then what cannot be told of a request counts as holding.
    static func all(of conditions: RequestConditions, closing: Bool) -> [RuleCondition] {
        var all: [RuleCondition] = []
        if !conditions.networks.isEmpty {
            all.append(.networks(conditions.networks.compactMap { AddressRange($0.text) }, unknown: closing))
        }
        if !conditions.headers.isEmpty { all.append(.headers(conditions.headers.map(HeaderCondition.init))) }
        if !conditions.times.isEmpty { all.append(.times(conditions.times.map(TimeWindow.init))) }
        return all
    }
}

extension HeaderCondition {
    init(_ header: HeaderRequirement) {
        let requirement: Requirement =
            switch header.value {
            case .present: .present
            case .absent: .absent
            case .oneOf(let values): .oneOf(values.map { TextPattern($0) })
            }
        self.init(name: header.name, requirement: requirement)
    }
}

extension TimeWindow {
    init(_ range: TimeRange) {
        let days = TimeRange.Day.allCases.enumerated().filter { range.days.contains($0.element) }.map(\.offset)
        self.init(days: Set(days), from: range.from, to: range.to, offset: range.zone)
    }
}

extension Permission {
    init(_ permission: AccessRule.Permission) {
        switch permission {
        case .anyone: self = .anyone
        case .signedIn: self = .signedIn
        case .nobody: self = .nobody
        case .members(let membership): self = .members(AuthService.Membership(membership))
        }
    }
}

extension AuthService.Membership {
    init(_ membership: Settings.Membership) {
        self.init(
            users: membership.users.map(AuthService.UserPattern.init),
            groups: membership.groups,
            claims: membership.claims.map { requirement in
                ClaimCondition(claim: ClaimPath(requirement.claim), values: requirement.values)
            },
            kubernetes: membership.kubernetes.flatMap { AccessTemplate($0) },
            any: membership.any.map(AuthService.Membership.init), all: membership.all.map(AuthService.Membership.init))
    }
}

extension AccessTemplate {
    /// `nil` for what names neither a resource nor a path, which no checked configuration has.
    fileprivate init?(_ access: ClusterAccess) {
        let verb = AuthService.RequestTemplate(access.verb)
        if let resource = access.resource {
            self = .resource(
                Resource(
                    verb: verb, group: access.group.map { AuthService.RequestTemplate($0) },
                    resource: AuthService.RequestTemplate(resource),
                    subresource: access.subresource.map { AuthService.RequestTemplate($0) },
                    namespace: access.namespace.map { AuthService.RequestTemplate($0) },
                    name: access.name.map { AuthService.RequestTemplate($0) }))
        } else if let path = access.nonResourcePath {
            self = .path(AuthService.RequestTemplate(path), verb: verb)
        } else {
            return nil
        }
    }
}

extension AuthService.RequestTemplate {
    fileprivate init(_ template: Settings.RequestTemplate) {
        self.init(
            template.pieces.map { piece in
                switch piece {
                case .text(let text): .text(text)
                case .tenant: .tenant
                case .segment(let number): .segment(number)
                case .path: .path
                case .method: .method
                case .verb: .verb
                }
            })
    }
}

extension AuthService.HostPattern {
    init(_ pattern: Settings.HostPattern) {
        switch pattern {
        case .exact(let name): self = .exact(name)
        case .below(let name): self = .below(suffix: "." + name)
        }
    }
}

extension AuthService.UserPattern {
    init(_ pattern: Settings.UserPattern) {
        switch pattern {
        case .exact(let name): self = .exact(name)
        case .domain(let domain): self = .mailDomain(suffix: "@" + domain)
        }
    }
}
