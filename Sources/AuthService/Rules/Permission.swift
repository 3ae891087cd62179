package import Accounts

/// Whom a rule lets in.
package enum Permission: Sendable {
    /// Everybody; the application gets no identity.
    case anyone
    case signedIn
    /// One of these users or groups; either is enough.
    case members(users: [UserPattern], groups: Set<String>)
    case nobody

    package func permits(_ identity: Identity) -> Bool {
        switch self {
        case .anyone, .signedIn: true
        case .members(let users, let groups):
            users.contains { $0.matches(identity) } || identity.groups.contains { groups.contains($0) }
        case .nobody: false
        }
    }
}

/// One user, or everybody of a mail domain.
package enum UserPattern: Sendable {
    /// The subject, the user name, or the verified e-mail address (its letters' case does not count).
    case exact(String)
    /// `*@example.com`, held as `@example.com` in lower case: verified addresses of exactly this domain.
    case mailDomain(suffix: String)

    func matches(_ identity: Identity) -> Bool {
        // An address that nobody has verified is a text that its owner chose: never a reason to let somebody in.
        let address = identity.emailVerified ? identity.email?.lowercased() : nil
        switch self {
        case .exact(let name):
            let isName = [identity.subject, identity.preferredUsername].contains { $0?.utf8.elementsEqual(name.utf8) ?? false }
            return isName || (address.map { $0.utf8.elementsEqual(name.lowercased().utf8) } ?? false)
        case .mailDomain(let suffix):
            guard let address, let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return false }
            return address.utf8[at...].elementsEqual(suffix.utf8)
        }
    }
}
