/// Whom a rule lets in by what is known of them. Each part by itself is enough; an empty part lets nobody in.
package struct Membership: Sendable {
    private let users: UserSet
    private let groups: Set<[UInt8]>
    /// Names that hold the request's tenant.
    private let tenantUsers: [TenantTemplate]
    private let tenantGroups: [TenantTemplate]
    /// Have to hold together.
    private let claims: [ClaimCondition]
    private let any: [Membership]
    private let all: [Membership]

    /// - Parameters:
    ///   - claims: enough where all of them hold.
    ///   - any: enough where one of them lets the person in.
    ///   - all: enough where every one of them does.
    package init(
        users: [UserPattern] = [], groups: [String] = [], claims: [ClaimCondition] = [], any: [Membership] = [],
        all: [Membership] = []
    ) {
        self.users = UserSet(users)
        self.groups = Set(groups.filter { TenantTemplate($0) == nil }.map { Array($0.utf8) })
        tenantGroups = groups.compactMap { TenantTemplate($0) }
        tenantUsers = users.compactMap { if case .exact(let name) = $0 { TenantTemplate(name) } else { nil } }
        self.claims = claims
        self.any = any
        self.all = all
    }

    func admits(_ member: Member, tenant: String? = nil) -> Bool {
        users.contains(member) || member.isInOne(of: groups)
            || (tenant.map { admits(member, asOf: $0) } ?? false)
            || (!claims.isEmpty && claims.allSatisfy { $0.holds(for: member.identity, tenant: tenant) })
            || any.contains { $0.admits(member, tenant: tenant) }
            || (!all.isEmpty && all.allSatisfy { $0.admits(member, tenant: tenant) })
    }

    private func admits(_ member: Member, asOf tenant: String) -> Bool {
        tenantGroups.contains { member.groups.contains(Array($0.filled(with: tenant).utf8)) }
            || tenantUsers.contains { UserSet([.exact($0.filled(with: tenant))]).contains(member) }
    }
}
