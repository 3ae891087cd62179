enum RuleChecks {
    /// Whatever rules name has to be there.
    @Sendable static func named(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        let ids = service.providers.map(\.id)
        for (index, rule) in service.rules.enumerated() {
            let way = "authService.rules[\(index)]"
            if let provider = rule.signIn.provider, !ids.contains(where: { $0.utf8.elementsEqual(provider.utf8) }) {
                let known = ids.map { "`\($0)`" }.joined(separator: ", ")
                reading.error("there is no provider \(quoted(provider))", "write one of \(known)", of: way + ".provider")
            }
            if case .members(let membership) = rule.allow, membership.asksCluster, service.kubernetes == nil {
                reading.error(
                    "the rule asks a Kubernetes API server, and there is none",
                    "add `authService.kubernetes`, as `{ server: \"https://kubernetes.default.svc\" }`", of: way + ".allow")
            }
            if rule.audience != nil, service.identity.assertion == nil {
                reading.error(
                    "`audience` is the assertion's, and none is signed", "add `identity: { assertion: … }`", of: way + ".audience"
                )
            }
        }
    }

    /// Warns of rules that an earlier one hides: it takes all their hosts, paths and methods.
    @Sendable static func reachable(_ configuration: Configuration, _ reading: Reading) {
        var earlier = EarlierRules()
        for (index, rule) in (configuration.authService?.rules ?? []).enumerated() {
            if let hiding = earlier.hiding(rule) {
                reading.warning(
                    "this rule can never match: the one in line \(hiding.line) takes all its requests",
                    "move it up or remove it", of: "authService.rules[\(index)]")
            }
            earlier.add(rule)
        }
    }
}

/// The rules read so far, found by what they cover, so that ten thousand rules need no hundred million comparisons.
private struct EarlierRules {
    private struct Place: Hashable {
        /// `nil` for all.
        var host: HostPattern?
        var path: PathPattern?
    }

    private var rules: [Place: [AccessRule]] = [:]

    mutating func add(_ rule: AccessRule) {
        // What more is asked of a request leaves some to the rules behind.
        guard rule.when.isEmpty else { return }
        for host in rule.hosts.isEmpty ? [nil] : rule.hosts.map(Optional.some) {
            for path in rule.paths.isEmpty ? [nil] : rule.paths.map(Optional.some) {
                rules[Place(host: host, path: path), default: []].append(rule)
            }
        }
    }

    /// The earliest that takes every request that `rule` would.
    func hiding(_ rule: AccessRule) -> AccessRule? {
        // Whatever covers the whole rule covers its first host and its first path.
        let hosts = rule.hosts.first.map(\.covering) ?? []
        let paths = rule.paths.first.map(\.covering) ?? []
        let places = ([nil] + hosts.map(Optional.some)).flatMap { host in
            ([nil] + paths.map(Optional.some)).map { Place(host: host, path: $0) }
        }
        return places.compactMap { rules[$0]?.first { Self.hides($0, rule) } }.min { $0.line < $1.line }
    }

    private static func hides(_ earlier: AccessRule, _ later: AccessRule) -> Bool {
        let methods = earlier.methods.isEmpty || (!later.methods.isEmpty && later.methods.allSatisfy(earlier.methods.contains))
        return methods && covers(earlier.hosts, later.hosts, \.covering) && covers(earlier.paths, later.paths, \.covering)
    }

    /// Every later pattern within an earlier one; an empty list stands for everything.
    private static func covers<Pattern: Equatable>(
        _ earlier: [Pattern], _ later: [Pattern], _ covering: (Pattern) -> [Pattern]
    ) -> Bool {
        if earlier.isEmpty { return true }
        return !later.isEmpty && later.allSatisfy { inner in covering(inner).contains { earlier.contains($0) } }
    }
}

extension HostPattern {
    /// Every pattern that takes all that this one takes, itself included.
    fileprivate var covering: [HostPattern] {
        let name: String
        switch self {
        case .exact(let host), .below(let host): name = host
        }
        var parents: [HostPattern] = [self]
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            parents.append(.below(String(rest)))
        }
        return parents
    }
}

extension PathPattern {
    /// The patterns of the simple kinds that take all that this one takes, and itself.
    fileprivate var covering: [PathPattern] {
        var parents: [PathPattern] = [self]
        var prefix = "/"
        parents.append(.below(prefix))
        for name in literalNames {
            prefix += name + "/"
            parents.append(.below(prefix))
        }
        return parents
    }

    /// The segments before the first that is open.
    private var literalNames: [String] {
        switch self {
        case .exact(let path), .below(let path): path.split(separator: "/").map(String.init)
        case .glob(let segments, _):
            segments.prefix { if case .literal = $0 { true } else { false } }.map {
                if case .literal(let name) = $0 { name } else { "" }
            }
        }
    }
}
