import AuthService
import Settings
import Web

extension Rule {
    /// A rule of the configuration file as the auth service applies it.
    init(_ rule: AccessRule) {
        self.init(
            hosts: rule.hosts.map { pattern in
                switch pattern {
                case .exact(let name): .exact(name)
                case .below(let name): .below(suffix: "." + name)
                }
            },
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
            let patterns = users.map { (user: Settings.UserPattern) -> AuthService.UserPattern in
                switch user {
                case .exact(let name): .exact(name)
                case .domain(let domain): .mailDomain(suffix: "@" + domain)
                }
            }
            self = .members(users: patterns, groups: Set(groups))
        }
    }
}
