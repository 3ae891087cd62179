/// How long people stay signed in at the provider, over all clients. Durations in seconds.
package struct ProviderSessionSettings: Sendable, Equatable {
    /// Whether browsers keep the session when they are closed.
    package enum Remember: String, Sendable, CaseIterable {
        /// As people tick a box on the login page.
        case ask
        case always
        case never
    }

    package var idle: Int64
    package var lifetime: Int64
    package var remember: Remember
    package var accountsPerBrowser: Int
    /// Whether refresh tokens of grants with `offline_access` outlive a sign-out.
    package var keepsOfflineAccess: Bool
    /// For so long a client that does not answer is told again of a sign-out.
    package var logoutNotices: Int64
}
