/// The groups of a user: what the matchers find, and the groups that those are in.
struct LDAPGroups: Sendable {
    let search: LDAPConfiguration.GroupSearch

    /// Groups of one user; more are a mistake in the filter.
    private static let limit = 5000

    /// What the user's entry has to be asked for.
    var userAttributes: [String] { search.userMatchers.map(\.userAttr) }

    /// The names, each once, in alphabetical order. On a thread of the pool.
    func names(of user: LDAPEntry, _ turn: LDAPTurn) throws(LDAPFailure) -> [String] {
        var names: Set<String> = []
        // By their names in the directory, whoever found them: so many are too many.
        var all: Set<String> = []
        for matcher in search.userMatchers {
            // Groups that contain each other are looked at once. By each matcher: one that does not look for groups in groups
            // may have found a group before one that does.
            var seen: Set<String> = []
            var next = try direct(matcher, user, turn)
            while !next.isEmpty {
                let new = next.filter { group in
                    let name = group.dn.lowercased()
                    all.insert(name)
                    return seen.insert(name).inserted
                }
                guard all.count <= Self.limit else {
                    throw LDAPFailure(isTransient: false, "\(user.dn) is in more than \(Self.limit) groups")
                }
                names.formUnion(new.compactMap { $0.first(search.nameAttr) })
                next = try parents(of: new, matcher, turn)
            }
        }
        return names.sorted()
    }

    private func direct(
        _ matcher: LDAPConfiguration.UserMatcher, _ user: LDAPEntry, _ turn: LDAPTurn
    ) throws(LDAPFailure) -> [LDAPEntry] {
        var found: [LDAPEntry] = []
        for value in user.values(matcher.userAttr) {
            if matcher.groupAttr.lowercased() == LDAPEntry.dnName {
                // The user's entry names its groups (memberOf).
                found += try groups("(objectClass=*)", value, .base, turn)
            } else {
                found += try groups(LDAPFilter.equal(matcher.groupAttr, value), search.baseDN, search.scope, turn)
            }
        }
        return found
    }

    private func parents(
        of groups: [LDAPEntry], _ matcher: LDAPConfiguration.UserMatcher, _ turn: LDAPTurn
    ) throws(LDAPFailure) -> [LDAPEntry] {
        guard let attribute = matcher.recursionGroupAttr else { return [] }
        var found: [LDAPEntry] = []
        for group in groups {
            found += try self.groups(LDAPFilter.equal(attribute, group.dn), search.baseDN, search.scope, turn)
        }
        return found
    }

    private func groups(
        _ filter: String, _ base: String, _ scope: LDAPConfiguration.Scope, _ turn: LDAPTurn
    ) throws(LDAPFailure) -> [LDAPEntry] {
        let question = LDAPSearch(
            base: base, scope: scope, filter: LDAPFilter.both(search.filter, filter), attributes: [search.nameAttr],
            limit: Self.limit)
        return try turn.with(.search) { (connection) throws(LDAPFailure) in try connection.search(question) }
    }
}
