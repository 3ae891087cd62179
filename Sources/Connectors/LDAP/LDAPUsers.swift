import JOSE
import OpenIDProvider

/// Finds a user's entry, and makes of it what the provider is told.
struct LDAPUsers: Sendable {
    let search: LDAPConfiguration.UserSearch
    let groups: LDAPGroups?

    /// The entry that somebody means who types `login`; nil: nobody's. On a thread of the pool.
    func entry(login: String, _ turn: LDAPTurn) throws(LDAPFailure) -> LDAPEntry? {
        try only(LDAPFilter.any(search.username.map { LDAPFilter.equal($0, login) }), search.baseDN, search.scope, turn)
    }

    /// The entry of a user who has signed in before.
    func entry(id: String, _ turn: LDAPTurn) throws(LDAPFailure) -> LDAPEntry? {
        guard search.idAttr.lowercased() == LDAPEntry.dnName else {
            let filters = [LDAPFilter.equal(search.idAttr, id)] + (LDAPFilter.binary(search.idAttr, id).map { [$0] } ?? [])
            return try only(LDAPFilter.any(filters), search.baseDN, search.scope, turn)
        }
        return try only("(objectClass=*)", id, .base, turn)
    }

    private func only(
        _ filter: String, _ base: String, _ scope: LDAPConfiguration.Scope, _ turn: LDAPTurn
    ) throws(LDAPFailure) -> LDAPEntry? {
        let question = LDAPSearch(
            base: base, scope: scope, filter: LDAPFilter.both(search.filter, filter), attributes: attributes, limit: 1)
        let found = try turn.with(.search) { (connection) throws(LDAPFailure) in try connection.search(question) }
        guard found.count <= 1 else {
            throw LDAPFailure(isTransient: false, "more than one entry fits: make userSearch.filter or username unambiguous")
        }
        return found.first
    }

    private var attributes: [String] {
        let wanted = [search.idAttr, search.emailAttr, search.nameAttr, search.preferredUsernameAttr].compactMap { $0 }
        // "1.1" asks for none (RFC 4511 section 4.5.1.8), where only the DN is needed.
        let named = (wanted + (groups?.userAttributes ?? [])).filter { $0.lowercased() != LDAPEntry.dnName }
        return named.isEmpty ? ["1.1"] : named
    }

    /// The directory's word counts for the e-mail address, as it does with Dex.
    func user(_ entry: LDAPEntry, groups: [String]) throws(LDAPFailure) -> ConnectorUser {
        guard let id = entry.first(search.idAttr) else { throw lacks(entry, "idAttr", search.idAttr) }
        let name = search.nameAttr.flatMap(entry.first)
        let address = try email(entry, name: name)
        var claims = JSONObject([("email", .string(address)), ("email_verified", true), ("groups", .strings(groups))])
        claims["name"] = name.map { .string($0) }
        claims["preferred_username"] = search.preferredUsernameAttr.flatMap(entry.first).map { .string($0) }
        return ConnectorUser(id: id, claims: claims)
    }

    private func email(_ entry: LDAPEntry, name: String?) throws(LDAPFailure) -> String {
        if let suffix = search.emailSuffix {
            guard let name else { throw lacks(entry, "nameAttr", search.nameAttr ?? "") }
            return name + "@" + suffix
        }
        guard let address = entry.first(search.emailAttr) else { throw lacks(entry, "emailAttr", search.emailAttr) }
        return address
    }

    private func lacks(_ entry: LDAPEntry, _ option: String, _ attribute: String) -> LDAPFailure {
        LDAPFailure(isTransient: false, "the entry \(entry.dn) has no \(attribute), which \(option) asks for")
    }
}
