import Yams

/// `authService.rules[]`
enum RuleSection {
    static let hosts = Key.defaulted(
        "hosts", .list(of: host), [], "Hosts without port, or `*.example.com` for all below; all hosts when missing.")
    static let paths = Key.defaulted(
        "paths", PathPattern.listShape, [],
        "Paths; `/x/*` for `/x` and everything under it, `*` for one segment, `**` for any; `acme` and `health`; all when missing."
    )
    static let methods = Key.defaulted("methods", .list(of: method), [], "Methods in capitals; all methods when missing.")
    static let when = Key.section("when", WhenSection.section, "What else has to hold of a request for the rule to match.")
    static let allow = Key.required("allow", AllowSection.shape, standIn: .nobody, "Who may send such requests.")
    static let onAnonymous = Key.optional(
        "onAnonymous", Shape<AccessRule.OnAnonymous>.choice(),
        "What a request without a user gets; by its kind when missing: navigations are redirected, all else gets 401.")
    static let api = Key.defaulted("api", .boolean(), false, "The same as `onAnonymous: unauthorized`: for programs.")
    static let allowPreflight = Key.defaulted(
        "allowPreflight", .boolean(), false, "Whether browsers' preflight requests (CORS) for these requests pass without a user."
    )

    static let audience = Key.optional("audience", Shape<String>.text(), "The assertion's audience for these requests.")
    static let headers = Key.defaulted(
        "headers", RuleHeaderMap.shape, [],
        "Identity headers for these requests beside those of `identity`, or in their place; `false` for one that is not told.")
    static let tokenExchange = Key.optional(
        "tokenExchange", TokenExchangeSection.section.shape,
        "The application gets a token of its own, for the session's access token (RFC 8693).")
    static let tenant = Key.optional(
        "tenant", TenantSection.section.shape, "Where a request names its tenant; `{tenant}` in `allow` stands for it.")

    static let onFailure = Key.defaulted(
        "onFailure", FailureSection.shape, 0, "`closed`, or for how long known sessions go on while the store is away.")

    static let section = Section(
        "rule",
        [
            hosts.listed, paths.listed, methods.listed, when.listed, allow.listed, onAnonymous.listed, api.listed,
            allowPreflight.listed, audience.listed, headers.listed, tokenExchange.listed, tenant.listed, onFailure.listed,
        ] + SignInRequirementKeys.listed
    ) { fields in
        for key in [hosts.name, paths.name, methods.name] {
            guard let node = fields.given(key), node.sequence?.isEmpty == true else { continue }
            fields.reading.error("`\(key)` is empty: the rule can never match", "remove `\(key)` to mean all", at: node)
        }
        let rule = AccessRule(
            hosts: fields(hosts), paths: fields(paths), methods: fields(methods), when: fields(when), allow: fields(allow),
            onAnonymous: anonymous(fields), allowPreflight: fields(allowPreflight),
            signIn: SignInRequirementKeys.read(fields), audience: fields(audience), headers: fields(headers),
            tokenExchange: fields(tokenExchange), tenant: fields(tenant), knownSessionsGoOn: fields(onFailure),
            line: fields.node.position.line)
        RuleSenseChecks.check(rule, fields)
        return rule
    }

    private static func anonymous(_ fields: Fields) -> AccessRule.OnAnonymous? {
        let answer = fields(onAnonymous)
        guard fields(api) else { return answer }
        if answer != nil {
            fields.reading.error("`api` and `onAnonymous` are both there", "keep one of them", at: fields.given(api.name))
        }
        return .unauthorized
    }

    /// A host, or all below one.
    static let host = Shape<String>.text().then { text, node, reading -> HostPattern? in
        let isBelow = text.hasPrefix("*.")
        let rest = isBelow ? text.dropFirst(2) : text[...]
        let name =
            HostName.parse(rest) ?? (isBelow ? nil : HostName.parseWithPort(rest).flatMap { $0.port == nil ? $0.host : nil })
        guard let name else {
            let mend = "write `app.example.com` or `*.example.com`, without scheme and port"
            return reading.refuse("\(quoted(text)) is not a host", mend, node)
        }
        return isBelow ? .below(name) : .exact(name)
    }

    private static let method = Shape<String>.httpToken("a method").then { text, node, reading -> String? in
        guard text.utf8.elementsEqual(text.uppercased().utf8) else {
            return reading.refuse("the method \(quoted(text)) is not in capitals", "write `\(text.uppercased())`", node)
        }
        return text
    }
}
