/// Whom a rule lets in by what is known of them. Each part by itself is enough; an empty part lets nobody in.
package struct Membership: Sendable {
    private let users: UserSet
    private let groups: Set<[UInt8]>
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
        self.groups = Set(groups.map { Array($0.utf8) })
        self.claims = claims
        self.any = any
        self.all = all
    }

    func admits(_ member: Member) -> Bool {
        users.contains(member) || member.isInOne(of: groups)
            || (!claims.isEmpty && claims.allSatisfy { $0.holds(for: member.identity) })
            || any.contains { $0.admits(member) }
            || (!all.isEmpty && all.allSatisfy { $0.admits(member) })
    }
}
