package import JOSE

/// The OpenID provider of this process.
package struct ProviderSettings: Sendable {
    /// The issuer identifier; `text` is `iss`, its path is in front of every endpoint. No `/` at the end.
    package var issuer: ConfiguredURL
    package var clients: [ClientSettings]
    package var users: [UserSettings]
    package var connectors: [ConnectorSettings]
    package var tokens: TokenSettings
    /// What ID tokens can be signed with; the first is used where a client says nothing. At least one.
    package var signingAlgorithms: [SignatureAlgorithm]
}

/// One client of the provider (RFC 6749, section 2).
package struct ClientSettings: Sendable {
    package var id: String
    /// nil exactly for public clients.
    package var secret: Secret?
    package var isPublic: Bool
    /// Compared byte for byte with what the client sends.
    package var redirectURIs: [String]
    package var postLogoutRedirectURIs: [String]
    /// What users read; the id where the file has none.
    package var name: String
}

/// One user written into the file.
package struct UserSettings: Sendable {
    package var email: String
    /// bcrypt, as `gatehouse hash-password` prints it.
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
