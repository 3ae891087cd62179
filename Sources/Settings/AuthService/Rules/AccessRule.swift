/// Who may send which requests. An empty list of hosts, paths or methods means all of them.
package struct AccessRule: Sendable, Equatable {
    package enum Permission: Sendable, Equatable {
        case anyone
        case signedIn
        case nobody
        case members(Membership)
    }

    /// What a request gets that needs a user and has none.
    package enum OnAnonymous: String, Sendable, CaseIterable {
        case redirect, unauthorized
    }

    package var hosts: [HostPattern]
    package var paths: [PathPattern]
    /// Case-sensitive tokens (RFC 9110, section 9.1).
    package var methods: [String]
    package var when: RequestConditions
    package var allow: Permission
    /// nil: by the kind of request — a browser's navigation is redirected, all else gets 401.
    package var onAnonymous: OnAnonymous?
    /// Whether browsers' preflight requests pass.
    package var allowPreflight: Bool
    package var signIn: SignInRequirement
    /// The assertion's audience under this rule; nil: that of `identity.assertion`.
    package var audience: String?
    /// Identity headers beside, or in place of, those of `identity`.
    package var headers: [RuleHeader]
    package var tokenExchange: TokenExchangeSettings?
    package var tenant: TenantSource?
    /// Seconds for which sessions in memory go on while the store cannot be asked; 0: none does.
    package var knownSessionsGoOn: Int64
    /// The line of the rule in the file, for explanations.
    package var line: Int
}

/// How people have to have signed in.
package struct SignInRequirement: Sendable, Equatable {
    /// Seconds since they last gave their credentials.
    package var maxAge: Int64?
    /// One of these has to be the provider's answer.
    package var acr: [String] = []
    package var amr: [String] = []
    /// The `id` of one of the providers.
    package var provider: String?
    /// Seconds that a session counts.
    package var sessionLifetime: Int64?
    /// Asked for beside the provider's own; all of them have to be granted.
    package var scopes: [String] = []

    var isEmpty: Bool { self == SignInRequirement() }
}

/// Where a request names its tenant.
package enum TenantSource: Sendable, Equatable {
    /// `*.apps.example.com`: the label before the associated value `apps.example.com`.
    case host(below: String)
    /// `/team/*`: the segment behind the associated value `/team/`.
    case path(behind: String)
    /// Lower case.
    case header(String)
}

/// One host, or all below one.
package enum HostPattern: Sendable, Hashable {
    /// Lower case, no port.
    case exact(String)
    /// `*.example.com`: every name that ends in `.example.com`; the associated value is `example.com`.
    case below(String)

    /// As it is written.
    package var text: String {
        switch self {
        case .exact(let host): host
        case .below(let domain): "*." + domain
        }
    }
}

/// A path, compared by UTF-8 bytes with the normalised path of the request.
package enum PathPattern: Sendable, Hashable {
    /// Exactly this path.
    case exact(String)
    /// `/x/*`: everything that begins with the associated value `/x/`, and `/x` itself.
    case below(String)
    /// `/users/*/settings`: the segments, and whether a `/*` at the end takes everything below them.
    case glob([PathSegment], isBelow: Bool)
}

/// What stands between two slashes of a pattern.
package enum PathSegment: Sendable, Hashable {
    case literal(String)
    /// `*` or `*.css`: one segment that is not empty and ends so; the associated value is what stands behind the star.
    case one(suffix: String)
    /// `**`: any number of segments, none included. At most one in a pattern, and not at its end.
    case anySegments
}

/// Whom a rule lets in by what is known of them: each of the lists by itself is enough.
package struct Membership: Sendable, Equatable {
    package var users: [UserPattern] = []
    package var groups: [String] = []
    /// All of these have to hold.
    package var claims: [ClaimRequirement] = []
    package var kubernetes: ClusterAccess?
    /// One of these is enough.
    package var any: [Membership] = []
    /// All of these have to let the person in.
    package var all: [Membership] = []

    package init(users: [UserPattern] = [], groups: [String] = []) {
        self.users = users
        self.groups = groups
    }

    var isEmpty: Bool { self == Membership() }

    /// Whether a name in it holds the request's tenant.
    var namesTenant: Bool {
        let texts = users.compactMap { if case .exact(let name) = $0 { name } else { nil } } + groups + claims.flatMap(\.values)
        return texts.contains { $0.contains("{tenant}") } || kubernetes?.namesTenant ?? false
            || any.contains(where: \.namesTenant)
            || all.contains(where: \.namesTenant)
    }

    /// Whether a Kubernetes API server has to be asked.
    var asksCluster: Bool { kubernetes != nil || (any + all).contains(where: \.asksCluster) }
}

/// A claim and the values of which one has to be its own, or an element of it; `*` in them stands for anything.
package struct ClaimRequirement: Sendable, Equatable {
    /// A name, or names joined with dots: `realm_access.roles`.
    package var claim: String
    package var values: [String]
}

/// One user, or everyone of a mail domain.
package enum UserPattern: Sendable, Hashable {
    /// The e-mail address, the user name or the subject.
    case exact(String)
    /// `*@example.com`: verified e-mail addresses of exactly this domain (lower case).
    case domain(String)
}
