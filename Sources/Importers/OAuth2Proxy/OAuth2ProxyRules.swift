import Manifests

/// Which requests need whom: first who passes without a sign-in, then what programs call, then all else.
enum OAuth2ProxyRules {
    static func read(_ options: ForeignValue, _ provider: OAuth2ProxyProvider) -> YAMLValue {
        let (permission, programs) = (permission(options), apiPaths(options))
        if OAuth2ProxyAdmission.isForNobody(options) {
            OAuth2ProxyRestriction.say(options)
            return .list(trusted(options) + open(options, provider) + [entries(("allow", "nobody"))])
        }
        let preflight: YAMLValue? = options.flag("skip_auth_preflight") ? true : nil
        let api =
            programs.isEmpty
            ? [] : [entries(("paths", .strings(programs)), ("allow", permission), ("api", true), ("allowPreflight", preflight))]
        let rest = entries(
            ("allow", permission), ("api", options.flag("force_json_errors") ? true : nil), ("allowPreflight", preflight))
        return .list(trusted(options) + open(options, provider) + api + [rest])
    }

    /// `signedIn`, or whose groups or roles are asked for: any is enough.
    private static func permission(_ options: ForeignValue) -> YAMLValue {
        let groups = ["allowed_groups", "gitlab_groups", "keycloak_groups"].flatMap(options.texts)
        let roles = options.texts("allowed_roles")
        let claim = options.text("oidc_roles_claim") ?? "realm_access.roles"
        if !roles.isEmpty, options.text("oidc_roles_claim") == nil {
            options.take("allowed_roles")?.say(
                .note, "roles of the realm count: those of a client are `resource_access.CLIENT.roles`")
        }
        let members = entries(
            ("groups", groups.isEmpty ? nil : .strings(groups)),
            ("claims", roles.isEmpty ? nil : entries((claim, .strings(roles))))
        ).unlessEmpty
        guard let people = people(options) else { return members ?? "signedIn" }
        return members.map { entries(("all", [people, $0])) } ?? people
    }

    /// With a sign-in the provider's `allow` has asked for addresses; with a bearer token the rule has to.
    private static func people(_ options: ForeignValue) -> YAMLValue? {
        let domains = OAuth2ProxyAdmission.domains(options)
        guard OAuth2ProxyBearer.isOn(options), !OAuth2ProxyAdmission.isForEverybody(options), !domains.isEmpty else { return nil }
        return entries(("users", .strings(domains.map { "*@" + $0 })))
    }

    private static func trusted(_ options: ForeignValue) -> [YAMLValue] {
        let networks = (options.take("trusted_ips")?.items ?? []).compactMap { item in item.text.map(ForeignText.network) }
        if networks.isEmpty { return [] }
        options.take("trusted_ips")?.say(.note, "the address that counts is the one that trusted proxies tell")
        return [entries(("when", entries(("networks", .strings(networks)))), ("allow", "anyone"))]
    }

    private static func open(_ options: ForeignValue, _ provider: OAuth2ProxyProvider) -> [YAMLValue] {
        let routes = ["skip_auth_regex", "skip_auth_routes"].flatMap { key in
            (options.take(key)?.items ?? []).map { (key == "skip_auth_routes", $0) }
        }
        return routes.compactMap { hasMethod, route in
            guard let text = route.text, let (method, expression) = hasMethod ? split(text) : (nil, text) else {
                route.say(.todo, "rules have no `all but`: write one with `allow: anyone` for what has to be open")
                return nil
            }
            guard let paths = PathRegex.patterns(expression) else {
                route.say(.todo, "paths cannot say this: write a rule with `allow: anyone`; until then it is closed")
                return nil
            }
            if let own = provider.own, let path = own["issuer"]?.text.flatMap(ForeignText.path), !path.isEmpty,
                paths.allSatisfy({ $0.hasPrefix(path + "/") })
            {
                route.say(.note, "the provider's own pages are open by themselves")
                return nil
            }
            return entries(
                ("paths", .strings(paths)), ("methods", method.map { .strings([$0]) }), ("allow", "anyone"))
        }
    }

    /// `METHOD=expression` or the expression alone; nil for all but what is named.
    private static func split(_ text: String) -> (method: String?, expression: String)? {
        guard let sign = text.firstIndex(of: "=") else { return (nil, text) }
        let method = text[..<sign]
        guard !method.hasSuffix("!") else { return nil }
        guard !method.isEmpty, method.allSatisfy({ $0.isASCII && $0.isLetter }) else { return (nil, text) }
        return (method.uppercased(), String(text[text.index(after: sign)...]))
    }

    private static func apiPaths(_ options: ForeignValue) -> [String] {
        (options.take("api_routes")?.items ?? []).flatMap { route -> [String] in
            guard let paths = route.text.flatMap(PathRegex.patterns) else {
                route.say(.todo, "paths cannot say this: write a rule with `api: true`; browsers' own requests get 401 anyway")
                return []
            }
            return paths
        }
    }
}

extension ForeignText {
    /// A range of addresses as we take it, without bits behind its prefix.
    static func network(_ text: String) -> String {
        let parts = text.split(separator: "/", maxSplits: 1)
        let numbers = (parts.first ?? "").split(separator: ".").compactMap { UInt32($0) }
        guard parts.count == 2, numbers.count == 4, numbers.allSatisfy({ $0 < 256 }), let length = UInt32(parts[1]), length <= 32
        else { return text }
        let address = numbers.reduce(0) { $0 << 8 | $1 } & (length == 0 ? 0 : UInt32.max << (32 - length))
        return [24, 16, 8, 0].map { String(address >> $0 & 0xFF) }.joined(separator: ".") + "/\(length)"
    }
}
