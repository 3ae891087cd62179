import RelyingParty

/// Whom a rule lets in by what is known of them. Each part by itself is enough; an empty part lets nobody in.
package struct Membership: Sendable {
    private let users: UserSet
    private let groups: Set<[UInt8]>
    /// Names that hold the request's tenant.
    private let tenantUsers: [TenantTemplate]
    private let tenantGroups: [TenantTemplate]
    /// Have to hold together.
    private let claims: [ClaimCondition]
    /// Has to be allowed by the cluster.
    private let kubernetes: AccessTemplate?
    private let any: [Membership]
    private let all: [Membership]
    /// Whether a Kubernetes API server may have to be asked.
    let asksCluster: Bool

    /// - Parameters:
    ///   - claims: enough where all of them hold.
    ///   - kubernetes: enough where a Kubernetes API server allows it.
    ///   - any: enough where one of them lets the person in.
    ///   - all: enough where every one of them does.
    package init(
        users: [UserPattern] = [], groups: [String] = [], claims: [ClaimCondition] = [], kubernetes: AccessTemplate? = nil,
        any: [Membership] = [], all: [Membership] = []
    ) {
        self.users = UserSet(users)
        self.groups = Set(groups.filter { TenantTemplate($0) == nil }.map { Array($0.utf8) })
        tenantGroups = groups.compactMap { TenantTemplate($0) }
        tenantUsers = users.compactMap { if case .exact(let name) = $0 { TenantTemplate(name) } else { nil } }
        self.claims = claims
        self.kubernetes = kubernetes
        self.any = any
        self.all = all
        asksCluster = kubernetes != nil || (any + all).contains(where: \.asksCluster)
    }

    /// - Parameter known: what the cluster has said, if it has.
    func verdict(
        on member: Member, _ values: RequestValues, known: (AccessAttributes) -> Bool?
    ) -> AccessVerdict {
        if admits(member, values.tenant) { return .permitted }
        var verdicts = any.map { $0.verdict(on: member, values, known: known) }
        if !all.isEmpty { verdicts.append(.all(all.map { $0.verdict(on: member, values, known: known) })) }
        if let attributes = kubernetes?.attributes(for: values) {
            verdicts.append(known(attributes).map { $0 ? .permitted : .refused } ?? .open(attributes))
        }
        return .any(verdicts)
    }

    /// By what is known of the person alone.
    private func admits(_ member: Member, _ tenant: String?) -> Bool {
        users.contains(member) || member.isInOne(of: groups)
            || (tenant.map { admits(member, asOf: $0) } ?? false)
            || (!claims.isEmpty && claims.allSatisfy { $0.holds(for: member.identity, tenant: tenant) })
    }

    private func admits(_ member: Member, asOf tenant: String) -> Bool {
        tenantGroups.contains { member.groups.contains(Array($0.filled(with: tenant).utf8)) }
            || tenantUsers.contains { UserSet([.exact($0.filled(with: tenant))]).contains(member) }
    }

    /// All that a cluster can be asked about a request.
    func questions(_ values: RequestValues) -> [AccessAttributes] {
        [kubernetes?.attributes(for: values)].compactMap { $0 } + (any + all).flatMap { $0.questions(values) }
    }
}
