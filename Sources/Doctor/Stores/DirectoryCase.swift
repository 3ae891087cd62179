/// An LDAP directory of the configuration, and how it is tried.
package struct DirectoryCase: Sendable {
    package enum Answer: Sendable, Equatable {
        /// No connection, or no TLS on it.
        case unreachable(reason: String)
        /// The service account is not let in.
        case refused(reason: String)
        /// `key` is `userSearch.baseDN` or its like.
        case noBase(key: String, dn: String)
        /// The search itself fails.
        case searchFails(key: String, reason: String)
        /// The base is there, but the filter finds nobody below it.
        case nobody(key: String, dn: String)
        case good
    }

    /// What the file calls it: `connector ldap`.
    package var subject: String
    /// `host:port`
    package var hosts: [String]
    /// Whether a service account is bound.
    package var hasAccount: Bool
    package var encryption: String
    package var ask: @Sendable (_ host: String) async -> Answer

    package init(
        subject: String, hosts: [String], hasAccount: Bool, encryption: String,
        ask: @escaping @Sendable (_ host: String) async -> Answer
    ) {
        self.subject = subject
        self.hosts = hosts
        self.hasAccount = hasAccount
        self.encryption = encryption
        self.ask = ask
    }
}

/// What one of its servers answers.
struct DirectoryVisit: Sendable {
    let directory: DirectoryCase
    let host: String
    let answer: DirectoryCase.Answer
}
