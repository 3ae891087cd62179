import Manifests

/// First what `trigger_rules` leave alone, then each chain, then the rest.
enum IstioRules {
    static func read(_ config: ForeignValue, _ chains: [IstioChain]) -> [YAMLValue] {
        let triggers = triggers(config)
        var rules = triggers.open
        var least = IstioChain.Permission.anyone
        for chain in chains {
            // Requests of a chain that rules cannot name, or not all of, are those of the rules behind: these must not let pass
            // more than it would.
            defer { if !chain.isNamedWhole { least = max(least, chain.permission, .signedIn) } }
            guard let conditions = chain.conditions else { continue }
            let permission = chain.permission < least ? .nobody : chain.permission
            if permission != chain.permission {
                chain.source.say(
                    .todo, "rules cannot name all requests of a chain in front: nobody passes here until you have written one")
            }
            let paths =
                conditions.contains { $0.0 == "paths" } ? [] : triggers.closed.map { [("paths", YAMLValue.strings($0))] } ?? []
            rules.append(.map((conditions + paths + chain.decision(permission)).map { YAMLEntry($0.0, $0.1) }))
            if chain.isForAll { break }
        }
        // What a chain is for that rules cannot name must not pass as what is for none.
        let isOpen = config.flag("allow_unmatched_requests") && least == .anyone
        if !chains.contains(where: \.isForAll) {
            rules.append(entries(("paths", triggers.closed.map { .strings($0) }), ("allow", isOpen ? "anyone" : "nobody")))
        }
        return triggers.closed == nil ? rules : rules + [entries(("allow", "anyone"))]
    }

    /// `open`: rules for what needs no sign-in; `closed`: the only paths that need one, where it is not all.
    private static func triggers(_ config: ForeignValue) -> (open: [YAMLValue], closed: [String]?) {
        let rules = config.take("trigger_rules")?.items ?? []
        defer { for rule in rules { rule.leaveRest(IstioAuthServiceOptions.triggers) } }
        guard rules.count == 1, let rule = rules.first else {
            if rules.count > 1 {
                config.take("trigger_rules")?.say(
                    .todo,
                    "several of them cannot be said here: write rules with `allow: anyone`; until then all paths need a sign-in")
            }
            for rule in rules { for key in ["excluded_paths", "included_paths"] { _ = rule.take(key) } }
            return ([], nil)
        }
        let excluded = (rule.take("excluded_paths")?.items ?? []).flatMap { paths($0, opens: true) ?? [] }
        let open = excluded.isEmpty ? [] : [entries(("paths", .strings(excluded)), ("allow", "anyone"))]
        let included = rule.take("included_paths")?.items ?? []
        let closed = included.map { paths($0, opens: false) }
        guard !included.isEmpty, closed.allSatisfy({ $0 != nil }) else { return (open, nil) }
        let known = closed.flatMap { $0 ?? [] }
        return (open, known.contains("/*") ? nil : known)
    }

    /// What opens may be less than what was said, what closes never.
    private static func paths(_ match: ForeignValue, opens: Bool) -> [String]? {
        defer { match.leaveRest(IstioAuthServiceOptions.triggers) }
        if let exact = match.text("exact"), exact.hasPrefix("/"), !exact.contains("*") { return [exact] }
        if let prefix = match.text("prefix"), prefix.hasPrefix("/"), !prefix.contains("*") {
            if prefix.hasSuffix("/") { return [prefix + "*"] }
            if opens {
                match.say(.note, "open is `\(prefix)` and what is below it, no longer what only begins so")
                return [prefix + "/*"]
            }
        } else if let suffix = match.text("suffix"), !suffix.isEmpty, !suffix.contains("/"), !suffix.contains("*") {
            return ["/**/*\(suffix)"]
        } else if let regex = match.text("regex"), opens, let patterns = PathRegex.patterns("^(\(regex))$") {
            return patterns
        }
        match.say(.todo, "paths cannot say this: write a rule; until then \(opens ? "it is" : "all paths are") closed")
        return nil
    }
}

/// What applications are told: the tokens. There is one way for all chains.
enum IstioIdentity {
    static func read(_ filters: [IstioFilter]) -> YAMLValue {
        var (authorization, header) = (YAMLValue?.none, YAMLValue?.none)
        for filter in filters {
            if let token = filter.take("id_token") {
                let (name, preamble) = self.token(token)
                if name == "authorization", preamble == "bearer" {
                    authorization = authorization ?? "idToken"
                } else {
                    token.say(
                        .lost,
                        "the ID token goes into `authorization` with `Bearer` only: see `identity.assertion` for other headers")
                }
            }
            if let token = filter.take("access_token") {
                let (name, preamble) = self.token(token)
                if name == "authorization" {
                    if preamble != "bearer" { token.say(.lost, "the scheme is `Bearer`") }
                    if authorization == nil {
                        authorization = "accessToken"
                    } else {
                        token.say(.lost, "`authorization` has the ID token")
                    }
                } else {
                    if !preamble.isEmpty { token.say(.lost, "the header has the token alone") }
                    header = header ?? .string(name)
                }
            }
        }
        return entries(("authorization", authorization), ("accessTokenHeader", header))
    }

    private static func token(_ token: ForeignValue) -> (String, String) {
        defer { token.leaveRest(IstioAuthServiceOptions.token) }
        return (token.text("header")?.lowercased() ?? "", token.text("preamble")?.lowercased() ?? "")
    }
}
