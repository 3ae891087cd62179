package import Accounts

/// Whom a rule lets in.
package enum Permission: Sendable {
    /// Everybody; the application gets no identity.
    case anyone
    case signedIn
    case members(Membership)
    case nobody

    /// One of these users or groups; either is enough.
    package static func members(users: [UserPattern], groups: [String]) -> Permission {
        .members(Membership(users: users, groups: groups))
    }

    package func permits(_ identity: Identity) -> Bool {
        switch self {
        case .anyone, .signedIn: true
        case .members(let membership): membership.admits(Member(identity))
        case .nobody: false
        }
    }
}
