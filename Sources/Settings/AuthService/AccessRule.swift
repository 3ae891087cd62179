/// Who may send which requests. An empty list of hosts, paths or methods means all of them.
package struct AccessRule: Sendable, Equatable {
    package enum Permission: Sendable, Equatable {
        case anyone
        case signedIn
        case nobody
        /// Users or groups: one of either is enough.
        case members(users: [UserPattern], groups: [String])
    }

    /// What a request gets that needs a user and has none.
    package enum OnAnonymous: String, Sendable, CaseIterable {
        case redirect, unauthorized
    }

    package var hosts: [HostPattern]
    package var paths: [PathPattern]
    /// Case-sensitive tokens (RFC 9110, section 9.1).
    package var methods: [String]
    package var allow: Permission
    /// nil: by the kind of request — a browser's navigation is redirected, all else gets 401.
    package var onAnonymous: OnAnonymous?
    /// The line of the rule in the file, for explanations.
    package var line: Int
}

/// One host, or all below one.
package enum HostPattern: Sendable, Hashable {
    /// Lower case, no port.
    case exact(String)
    /// `*.example.com`: every name that ends in `.example.com`; the associated value is `example.com`.
    case below(String)
}

/// A path, compared by UTF-8 bytes with the normalised path of the request.
package enum PathPattern: Sendable, Hashable {
    /// Exactly this path.
    case exact(String)
    /// `/x/*`: everything that begins with the associated value `/x/`, and `/x` itself.
    case below(String)
}

/// One user, or everyone of a mail domain.
package enum UserPattern: Sendable, Hashable {
    /// The e-mail address, the user name or the subject.
    case exact(String)
    /// `*@example.com`: verified e-mail addresses of exactly this domain (lower case).
    case domain(String)
}
