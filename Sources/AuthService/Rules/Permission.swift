package import Accounts
package import RelyingParty

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

    /// By what is known of the person; a rule that asks a cluster has `verdict`.
    /// - Parameter tenant: of the request, where the rule looks for one.
    package func permits(_ identity: Identity, tenant: String? = nil) -> Bool {
        verdict(on: identity, RequestValues(tenant: tenant, path: "", method: "")) { _ in false } == .permitted
    }

    /// - Parameter known: what the cluster has said, if it has.
    package func verdict(
        on identity: Identity, _ values: RequestValues, known: (AccessAttributes) -> Bool?
    ) -> AccessVerdict {
        switch self {
        case .anyone, .signedIn: .permitted
        case .members(let membership): membership.verdict(on: Member(identity), values, known: known)
        case .nobody: .refused
        }
    }

    /// Whether a Kubernetes API server may have to be asked.
    var asksCluster: Bool { if case .members(let membership) = self { membership.asksCluster } else { false } }

    /// All that a cluster can be asked about a request.
    func questions(_ values: RequestValues) -> [AccessAttributes] {
        if case .members(let membership) = self { membership.questions(values) } else { [] }
    }
}
