package import Accounts

/// Whom a rule lets in.
package enum Permission: Sendable {
    /// Everybody; the application gets no identity.
    case anyone
    case signedIn
    case members(Membership)
    case nobody

    /// One of these users or groups; either is enough.
    package static func members(users: [UserPattern], groups: some Sequence<String>) -> Permission {
        .members(Membership(users: users, groups: Array(groups)))
    }

    /// - Parameter tenant: of the request, where the rule looks for one.
    package func permits(_ identity: Identity, tenant: String? = nil) -> Bool {
        switch self {
        case .anyone, .signedIn: true
        case .members(let membership): membership.admits(Member(identity), tenant: tenant)
        case .nobody: false
        }
    }
}
