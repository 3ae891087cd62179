package import JOSE

/// The OpenID provider of this process.
package struct ProviderSettings: Sendable {
    /// The issuer identifier; `text` is `iss`, its path is in front of every endpoint. No `/` at the end.
    package var issuer: ConfiguredURL
    package var clients: [ClientSettings]
    /// Whether there are clients beside those, in the storage.
    package var storesClients: Bool
    package var users: [UserSettings]
    /// nil: users are those of the file and of connectors.
    package var storedUsers: StoredUserSettings?
    package var passwords: PasswordSettings
    package var connectors: [ConnectorSettings]
    /// Whether there are connectors beside those, in the storage.
    package var storesConnectors: Bool
    package var tokens: TokenSettings
    package var sessions: ProviderSessionSettings
    package var mfa: ProviderMFASettings
    /// What ID tokens can be signed with; the first is used where a client says nothing. At least one.
    package var signingAlgorithms: [SignatureAlgorithm]
    package var keys: KeyScheduleSettings
    /// nil: none count.
    package var clientCertificates: ProviderCertificateSettings?
    /// The id of the connector that checks passwords which clients send; nil: none may.
    package var passwordConnector: String?
    package var assertionIssuers: [AssertionIssuerSettings]
    /// nil: clients are those of the file.
    package var registration: RegistrationSettings?

    /// Whether people sign in with a password of ours: where there are such users, or there is nothing else.
    package var hasLocalUsers: Bool {
        !users.isEmpty || storedUsers != nil || connectors.isEmpty && !storesConnectors
    }
}

/// When signing keys change, in seconds.
package struct KeyScheduleSettings: Sendable, Equatable {
    package var rotateAfter: Int64
    package var publishAhead: Int64
}

/// An issuer whose assertions stand for a sign-in (RFC 7523).
package struct AssertionIssuerSettings: Sendable {
    package var id: String
    package var issuer: ConfiguredURL
    package var keys: KeySetSource
}

/// Where somebody's public keys are.
package enum KeySetSource: Sendable {
    case set(JSONWebKeySet)
    case uri(ConfiguredURL)
}

/// One user written into the file.
package struct UserSettings: Sendable {
    package var email: String
    /// As `gatehouse hash-password` prints it.
    package var hash: Secret
    /// The claim `name`; the user name where the file has none.
    package var name: String
    /// The claim `preferred_username`; what stands before the `@` where the file has none.
    package var username: String
    /// What the subject is made from, unique; the e-mail address where the file has none.
    package var userID: String
    package var groups: [String]
}

/// How long tokens live, in seconds.
package struct TokenSettings: Sendable, Equatable {
    package struct Refresh: Sendable, Equatable {
        /// Ends after so long without use.
        package var idle: Int64
        /// Ends so long after the sign-in; never less than `idle`.
        package var lifetime: Int64
        /// A refresh token that has just been used is answered once more within this time.
        package var reuseWindow: Int64
    }

    package var idToken: Int64
    package var accessToken: Int64
    package var refresh: Refresh
}
