import Settings

/// Whether the rules protect what they seem to. A rule that an earlier one hides is found when the file is read.
enum RuleCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] {
        guard let service = seen.configuration.authService else { return [] }
        let findings = openToAll(service.rules) + exemptedPaths(service, seen.configuration.provider)
        return findings.isEmpty ? [.ok("rules", "\(service.rules.count) of them; what none takes needs a user")] : findings
    }

    /// A rule for everything that asks for nobody.
    static func openToAll(_ rules: [AccessRule]) -> [Finding] {
        rules.filter { $0.allow == .anyone && $0.takesEverything }.map { rule in
            .warning(
                "rule in line \(rule.line)", "it lets anybody in everywhere: nothing that no earlier rule takes is protected",
                mend: "name its `paths` or `hosts`, or write `allow: signedIn`")
        }
    }

    /// Our own pages need no rule, and a rule for them opens what an application has at the same path.
    static func exemptedPaths(_ service: AuthServiceSettings, _ provider: ProviderSettings?) -> [Finding] {
        let behind = provider.flatMap { provider in
            service.publicURLs.contains { $0.host == provider.issuer.host } ? provider.issuer.path : nil
        }
        let own = [service.path, behind].compactMap { $0 }.filter { !$0.isEmpty }
        return service.rules.filter { $0.allow == .anyone }.flatMap { rule in
            own.filter { path in rule.paths.contains { $0.isFor(path) } }.map { path in
                .warning(
                    "rule in line \(rule.line)", "it exempts `\(path)`, where Gatehouse's own pages are: they need no rule",
                    mend: "remove the path: an exemption is a hole for whatever else is reached under it")
            }
        }
    }
}

extension AccessRule {
    fileprivate var takesEverything: Bool {
        hosts.isEmpty && methods.isEmpty && when.isEmpty && (paths.isEmpty || paths.contains(.below("/")))
    }
}

extension PathPattern {
    /// Whether it was written for this path: the path itself, or what is below it.
    fileprivate func isFor(_ path: String) -> Bool {
        switch self {
        case .exact(let own): own == path || own.hasPrefix(path + "/")
        case .below(let own): own.hasPrefix(path + "/")
        case .glob(let segments, _):
            segments.first == .literal(String(path.drop { $0 == "/" })) && !path.dropFirst().contains("/")
        }
    }
}
