package import JOSE

/// How a directory is reached and read: the options of Dex's LDAP connector, under its names.
package struct LDAPConfiguration: Sendable {
    package enum Encryption: Sendable, Equatable {
        /// `ldaps`: TLS from the first byte on.
        case tls
        /// The StartTLS operation (RFC 4511 section 4.14) before anything else.
        case startTLS
        /// Passwords travel in clear text.
        case none
    }

    /// Seconds.
    package struct Limits: Sendable {
        /// For a server to be reached.
        package var connect: Int64
        /// For an answer.
        package var answer: Int64
        /// For all that a sign-in, or a refresh, asks; the wait for a thread is in it.
        package var signIn: Int64

        package init(connect: Int64, answer: Int64, signIn: Int64) {
            self.connect = connect
            self.answer = answer
            self.signIn = signIn
        }
    }

    package enum Scope: Sendable {
        case base, one, sub
    }

    /// `user` and `group` name attributes; `DN` stands for the entry's distinguished name.
    package struct UserMatcher: Sendable {
        package var userAttr: String
        package var groupAttr: String
        /// Where groups are in groups: `(recursionGroupAttr=<DN of the group>)` finds those that it is in.
        package var recursionGroupAttr: String?

        package init(userAttr: String, groupAttr: String, recursionGroupAttr: String?) {
            self.userAttr = userAttr
            self.groupAttr = groupAttr
            self.recursionGroupAttr = recursionGroupAttr
        }
    }

    package struct UserSearch: Sendable {
        package var baseDN: String
        /// In parentheses; nil: every entry.
        package var filter: String?
        /// What is compared with what the user types; one of them has to match.
        package var username: [String]
        package var scope: Scope
        package var idAttr: String
        package var emailAttr: String
        package var nameAttr: String?
        package var preferredUsernameAttr: String?
        /// Then the e-mail address is the name, `@`, and this.
        package var emailSuffix: String?

        package init(
            baseDN: String, filter: String?, username: [String], scope: Scope, idAttr: String, emailAttr: String,
            nameAttr: String?, preferredUsernameAttr: String?, emailSuffix: String?
        ) {
            self.baseDN = baseDN
            self.filter = filter
            self.username = username
            self.scope = scope
            self.idAttr = idAttr
            self.emailAttr = emailAttr
            self.nameAttr = nameAttr
            self.preferredUsernameAttr = preferredUsernameAttr
            self.emailSuffix = emailSuffix
        }
    }

    package struct GroupSearch: Sendable {
        package var baseDN: String
        package var filter: String?
        package var scope: Scope
        package var userMatchers: [UserMatcher]
        package var nameAttr: String

        package init(baseDN: String, filter: String?, scope: Scope, userMatchers: [UserMatcher], nameAttr: String) {
            self.baseDN = baseDN
            self.filter = filter
            self.scope = scope
            self.userMatchers = userMatchers
            self.nameAttr = nameAttr
        }
    }

    /// `host:port` each, IPv6 in brackets; tried in this order. At least one.
    package var hosts: [String]
    package var encryption: Encryption
    /// Off: any certificate will do.
    package var verifiesCertificate: Bool
    /// PEM file; nil: the system's authorities.
    package var rootCA: String?
    /// PEM files of our own certificate and key.
    package var clientCertificate: (certificate: String, key: String)?
    /// Who searches; nil: anonymously.
    package var account: (dn: String, password: Secret)?
    package var limits: Limits
    package var userSearch: UserSearch
    package var groupSearch: GroupSearch?

    package init(
        hosts: [String], encryption: Encryption, verifiesCertificate: Bool, rootCA: String?,
        clientCertificate: (certificate: String, key: String)?, account: (dn: String, password: Secret)?,
        limits: Limits, userSearch: UserSearch, groupSearch: GroupSearch?
    ) {
        self.hosts = hosts
        self.encryption = encryption
        self.verifiesCertificate = verifiesCertificate
        self.rootCA = rootCA
        self.clientCertificate = clientCertificate
        self.account = account
        self.limits = limits
        self.userSearch = userSearch
        self.groupSearch = groupSearch
    }
}
