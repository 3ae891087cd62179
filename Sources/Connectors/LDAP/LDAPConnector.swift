package import JOSE
package import Logging
package import OpenIDProvider
package import Web

/// The users of a directory: search for the entry, bind as it with the password, search for its groups.
package struct LDAPConnector: PasswordConnector {
    package let id: String
    package let name: String?
    package let loginKind: LoginPage.LoginKind

    private let users: LDAPUsers
    private let pool: LDAPPool

    /// - Parameters:
    ///   - name: where people choose how to sign in.
    ///   - usernamePrompt: the label of what people type; nil: "User name".
    package init(
        id: String, name: String, usernamePrompt: String?, _ configuration: LDAPConfiguration, clock: WallClock, logger: Logger
    ) {
        self.id = id
        self.name = name
        loginKind = usernamePrompt.map { .labelled($0) } ?? .username
        users = LDAPUsers(search: configuration.userSearch, groups: configuration.groupSearch.map(LDAPGroups.init))
        pool = LDAPPool(configuration, clock: clock, logger: logger)
    }

    package func authenticate(login: String, password: Secret) async -> PasswordOutcome {
        // Never on the wire: an empty password would be an anonymous bind, which a server grants to anybody.
        guard !password.isEmpty, !password.bytes.contains(0), !login.isEmpty, !login.utf8.contains(0) else { return .wrong }
        let outcome = await pool.run { [users] (turn) throws(LDAPFailure) -> ConnectorUser? in
            guard let entry = try users.entry(login: login, turn) else {
                // An unknown user costs a bind too.
                _ = try Self.binds("cn=nobody,\(users.search.baseDN)", password, turn)
                return nil
            }
            guard try Self.binds(entry.dn, password, turn) else { return nil }
            return try users.user(entry, groups: users.groups?.names(of: entry, turn) ?? [])
        }
        switch outcome {
        case nil: return .busy
        case .success(let user?): return .authenticated(user)
        case .success(nil): return .wrong
        case .failure(let failure): return .failed(detail: "\(id): \(failure.detail)")
        }
    }

    package func refresh(_ user: ConnectorUser) async -> RefreshedUser {
        let outcome = await pool.run { [users] (turn) throws(LDAPFailure) -> ConnectorUser? in
            guard let entry = try users.entry(id: user.id, turn) else { return nil }
            return try users.user(entry, groups: users.groups?.names(of: entry, turn) ?? [])
        }
        switch outcome {
        case nil: return .failed(detail: "\(id): too much waits for the directory")
        case .success(let user?): return .current(user)
        case .success(nil): return .gone
        case .failure(let failure): return .failed(detail: "\(id): \(failure.detail)")
        }
    }

    /// As a sign-in begins: a server, `bindDN`, and the entry below which users are.
    package func probe() async -> ConnectorProbe {
        let base = users.search.baseDN
        let outcome = await pool.run { (turn) throws(LDAPFailure) in
            try turn.with(.search) { (connection) throws(LDAPFailure) in try connection.search(.presence(of: base)).count }
        }
        return switch outcome {
        case nil: .failed(detail: "too much waits for the directory")
        case .success(0): .failed(detail: "userSearch.baseDN \(base) is not there, or bindDN may not read it")
        case .success: .reached
        case .failure(let failure): .failed(detail: failure.detail)
        }
    }

    private static func binds(_ dn: String, _ password: Secret, _ turn: LDAPTurn) throws(LDAPFailure) -> Bool {
        let outcome = try turn.with(.passwords) { (connection) throws(LDAPFailure) in try connection.bind(dn, password) }
        return switch outcome {
        case .bound: true
        case .refused: false
        }
    }
}
