/// What an operator decides about sessions at the provider. Seconds.
package struct SSOSettings: Sendable, Equatable {
    /// Whether browsers keep the session cookie when they are closed.
    package enum Remember: String, Sendable, CaseIterable {
        /// The login page has a box to tick.
        case ask
        case always
        case never
    }

    /// Ends after so long without an authorization request.
    package var idle: Int64
    /// An account is signed out so long after its person gave their credentials.
    package var lifetime: Int64
    package var remember: Remember
    /// How many people can be signed in in one browser; one more signs out the one who was here last.
    package var accountsPerBrowser: Int
    /// Whether grants with `offline_access` outlive a sign-out.
    package var keepsOfflineAccess: Bool
    /// How long we try to tell a client of a sign-out.
    package var noticeLifetime: Int64

    package init(
        idle: Int64 = 43200, lifetime: Int64 = 604800, remember: Remember = .ask, accountsPerBrowser: Int = 5,
        keepsOfflineAccess: Bool = false, noticeLifetime: Int64 = 86400
    ) {
        self.idle = idle
        self.lifetime = lifetime
        self.remember = remember
        self.accountsPerBrowser = accountsPerBrowser
        self.keepsOfflineAccess = keepsOfflineAccess
        self.noticeLifetime = noticeLifetime
    }
}
