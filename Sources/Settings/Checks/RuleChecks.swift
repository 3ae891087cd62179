enum RuleChecks {
    /// Warns of rules that an earlier one hides: it takes all their hosts, paths and methods.
    @Sendable static func reachable(_ configuration: Configuration, _ reading: Reading) {
        let rules = configuration.authService?.rules ?? []
        for (index, rule) in rules.enumerated() {
            guard let earlier = rules[..<index].first(where: { hides($0, rule) }) else { continue }
            reading.warning(
                "this rule can never match: the one in line \(earlier.line) takes all its requests", "move it up or remove it",
                of: "authService.rules[\(index)]")
        }
    }

    private static func hides(_ earlier: AccessRule, _ later: AccessRule) -> Bool {
        let methods = earlier.methods.isEmpty || (!later.methods.isEmpty && later.methods.allSatisfy(earlier.methods.contains))
        return methods && covers(earlier.hosts, later.hosts, covers) && covers(earlier.paths, later.paths, covers)
    }

    /// Every later pattern within an earlier one; an empty list stands for everything.
    private static func covers<Pattern>(_ earlier: [Pattern], _ later: [Pattern], _ covers: (Pattern, Pattern) -> Bool) -> Bool {
        if earlier.isEmpty { return true }
        return !later.isEmpty && later.allSatisfy { inner in earlier.contains { covers($0, inner) } }
    }

    private static func covers(_ outer: HostPattern, _ inner: HostPattern) -> Bool {
        switch (outer, inner) {
        case (.exact(let one), .exact(let other)): one == other
        case (.exact, .below): false
        case (.below(let one), .exact(let other)): other.hasSuffix("." + one)
        case (.below(let one), .below(let other)): one == other || other.hasSuffix("." + one)
        }
    }

    private static func covers(_ outer: PathPattern, _ inner: PathPattern) -> Bool {
        switch (outer, inner) {
        case (.exact(let one), .exact(let other)): one.utf8.elementsEqual(other.utf8)
        case (.exact, .below): false
        case (.below(let one), .exact(let other)): (other + "/").utf8.starts(with: one.utf8)
        case (.below(let one), .below(let other)): other.utf8.starts(with: one.utf8)
        }
    }
}
