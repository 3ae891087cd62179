package import JOSE
package import Web

/// Somewhere that knows users and their passwords: static users, a directory.
package protocol PasswordConnector: Connector {
    /// What people type beside their password.
    var loginKind: LoginPage.LoginKind { get }

    /// Checks a password. Unknown users must cost the same work as known ones. `login` is neither empty nor longer than 1 KiB,
    /// nor is the password; both are otherwise as typed.
    func authenticate(login: String, password: Secret) async -> PasswordOutcome

    /// Who `user` is now, asked when tokens are refreshed.
    func refresh(_ user: ConnectorUser) async -> RefreshedUser
}

extension PasswordConnector {
    package var way: ConnectorWay { .password(self) }
    package var loginKind: LoginPage.LoginKind { .email }
}

/// What a connector says to a login and a password.
package enum PasswordOutcome: Sendable {
    case authenticated(ConnectorUser)
    /// Unknown user, wrong password, disabled: one outcome, so that nothing can tell them apart.
    case wrong
    /// Too much to do at the moment; nothing was checked.
    case busy
    /// The directory cannot be asked. `detail` is for the log: no secret.
    case failed(detail: String)
}

/// What a connector says when it is asked for a user again.
package enum RefreshedUser: Sendable {
    case current(ConnectorUser)
    /// Deleted or disabled.
    case gone
    /// The directory cannot be asked. `detail` is for the log: no secret.
    case failed(detail: String)
}

/// A user as a connector knows them.
package struct ConnectorUser: Sendable, Equatable {
    /// Unique and unchanging at the connector.
    package let id: String
    /// `email`, `email_verified`, `name`, `preferred_username`, `groups` (OpenID Connect Core §5.1); scopes decide which of
    /// them are told.
    package let claims: JSONObject

    package init(id: String, claims: JSONObject) {
        self.id = id
        self.claims = claims
    }
}
