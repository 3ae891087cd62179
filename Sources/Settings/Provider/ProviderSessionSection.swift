/// `provider.sessions`
enum ProviderSessionSection {
    static let idle = Key.defaulted(
        "idle", .duration(atLeast: 60, atMost: SessionSection.year), 43200, "Ends after so long without a sign-in anywhere.")
    static let lifetime = Key.defaulted(
        "lifetime", .duration(atLeast: 60, atMost: SessionSection.year), 604800,
        "Passwords are asked for again after so long, whatever happens.")
    static let remember = Key.defaulted(
        "remember", .choice(), ProviderSessionSettings.Remember.ask,
        "Whether browsers keep the session when they are closed: `ask` puts a box on the login page.")
    static let accountsPerBrowser = Key.defaulted(
        "accountsPerBrowser", .count(1...10), 5, "How many people can be signed in in one browser.")
    static let keepOfflineAccess = Key.defaulted(
        "keepOfflineAccess", .boolean(), false, "Whether refresh tokens of clients with offline_access outlive a sign-out.")
    static let logoutNotices = Key.defaulted(
        "logoutNotices", .duration(atLeast: 60, atMost: 30 * 86400), 86400,
        "How long a client that does not answer is told of a sign-out again and again.")

    static let section = Section(
        "sessions",
        [
            idle.listed, lifetime.listed, remember.listed, accountsPerBrowser.listed, keepOfflineAccess.listed,
            logoutNotices.listed,
        ]
    ) { fields in
        ProviderSessionSettings(
            idle: fields(idle), lifetime: fields(lifetime), remember: fields(remember),
            accountsPerBrowser: fields(accountsPerBrowser), keepsOfflineAccess: fields(keepOfflineAccess),
            logoutNotices: fields(logoutNotices))
    }
}
