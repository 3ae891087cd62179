import AuthService
import Settings
import Web

extension Rule {
    /// A rule of the configuration file as the auth service applies it.
    init(_ rule: AccessRule) {
        self.init(
            hosts: rule.hosts.map(AuthService.HostPattern.init),
            paths: rule.paths.map { pattern in
                switch pattern {
                case .exact(let path): .exact(Array(path.utf8))
                case .below(let prefix): .below(prefix: Array(prefix.utf8))
                }
            },
            methods: rule.methods, permission: Permission(rule.allow),
            onAnonymous: rule.onAnonymous.map { $0 == .redirect ? .redirect : .unauthorized })
    }
}

extension Permission {
    init(_ permission: AccessRule.Permission) {
        switch permission {
        case .anyone: self = .anyone
        case .signedIn: self = .signedIn
        case .nobody: self = .nobody
        case .members(let users, let groups):
            self = .members(users: users.map(AuthService.UserPattern.init), groups: Set(groups))
        }
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
