import JOSE
import OpenIDProvider
import Web

/// The organisations and teams of one person at GitHub, as groups: `org:team`.
struct GitHubGroups {
    let profile: GitHubProfile
    let api: UpstreamAPI

    /// Throws where the person is in none of those that are asked for.
    func names() async throws(APITrouble) -> [String] {
        if !profile.orgs.isEmpty { return try await ofConfigured() }
        guard profile.loadAllGroups else { return [] }
        let organizations = try await api.list("\(profile.apiURL)/user/orgs?per_page=100", below: profile.apiURL)
        return organizations.compactMap { $0.object?["login"]?.string } + (try await teams().flatMap(\.groups))
    }

    private func ofConfigured() async throws(APITrouble) -> [String] {
        let teams = try await teams()
        var isMember = false
        var groups: [String] = []
        for wanted in profile.orgs where try await isActive(in: wanted.name) {
            let own = teams.filter { Self.same($0.organization, wanted.name) }
            let counting = wanted.teams.isEmpty ? own : own.filter { $0.isOne(of: wanted.teams) }
            isMember = isMember || wanted.teams.isEmpty || !counting.isEmpty
            groups += counting.flatMap { wanted.isNameless ? $0.names : $0.groups(in: wanted.name) }
        }
        guard isMember else {
            throw .refused(UpstreamRefusal(.notAdmitted, "in none of the organisations and teams"))
        }
        return groups
    }

    /// An invitation that was not accepted is no membership.
    private func isActive(in organization: String) async throws(APITrouble) -> Bool {
        do throws(APITrouble) {
            let url = "\(profile.apiURL)/user/memberships/orgs/\(PercentEncoding.encode(organization))"
            return try await api.get(url).json.object?["state"]?.string == "active"
        } catch {
            // No member, or the organisation lets this application see nothing.
            if case .hidden = error { return false }
            throw error
        }
    }

    private struct Team {
        let organization: String
        /// As `teamNameField` says; both where it says so.
        let names: [String]

        var groups: [String] { groups(in: organization) }

        /// - Parameter organization: as the configuration spells it.
        func groups(in organization: String) -> [String] { names.map { "\(organization):\($0)" } }

        func isOne(of wanted: [String]) -> Bool { names.contains { name in wanted.contains { sameBytes($0, name) } } }
    }

    private func teams() async throws(APITrouble) -> [Team] {
        let teams = try await api.list("\(profile.apiURL)/user/teams?per_page=100", below: profile.apiURL)
        return teams.compactMap { team in
            guard let members = team.object, let organization = members["organization"]?.object?["login"]?.string else {
                return nil
            }
            let fields: [String] =
                switch profile.teamNameField {
                case .name: ["name"]
                case .slug: ["slug"]
                case .both: ["name", "slug"]
                }
            var names: [String] = []
            for name in fields.compactMap({ members[$0]?.string }) where !names.contains(name) { names.append(name) }
            return Team(organization: organization, names: names)
        }
    }

    /// Logins have no case at GitHub.
    private static func same(_ one: String, _ other: String) -> Bool { sameBytes(one.lowercased(), other.lowercased()) }
}
