/// Options by which only some of a provider's users pass, and which have no counterpart here.
enum OAuth2ProxyRestriction {
    private static let all: [(key: String, kinds: [String], unless: [String])] = [
        ("bitbucket_team", ["bitbucket"], []), ("bitbucket_repository", ["bitbucket"], []), ("github_repo", ["github"], []),
        // Beside these it lets further people pass.
        ("github_users", ["github"], ["github_org", "github_team"]), ("gitlab_projects", ["gitlab"], ["gitlab_groups"]),
        ("entra_id_allowed_tenants", ["entra-id", "ms-entra-id"], []),
    ]

    /// Those that are set and in use; without them more people would pass than there.
    static func unknown(_ options: ForeignValue) -> [ForeignValue] {
        let kind = options.text("provider") ?? "google"
        let found = all.filter { restriction in
            restriction.kinds.contains(kind) && !restriction.unless.contains { isSet(options, $0) }
        }.compactMap { options.take($0.key) }.filter { !$0.isEmpty }
        guard kind == "github", let teams = options.take("github_team"), !teams.isEmpty,
            OAuth2ProxyOrganisations(options).all.isEmpty
        else { return found }
        return found + [teams]
    }

    private static func isSet(_ options: ForeignValue, _ key: String) -> Bool {
        options.take(key).map { !$0.isEmpty } ?? false
    }

    static func say(_ options: ForeignValue) {
        for value in unknown(options) {
            value.say(.todo, "who passes by this is not asked for here: `rules` let nobody pass until you say who may")
        }
    }
}

/// Organisations at GitHub and those of their teams of which somebody has to be a member.
struct OAuth2ProxyOrganisations {
    private(set) var all: [(name: String, teams: [String])] = []
    /// Teams that are of no organisation, or of another than the one that is asked for.
    private(set) var strange: [String] = []

    init(_ options: ForeignValue) {
        let own = options.text("github_org").flatMap { $0.isEmpty ? nil : $0 }
        let teams = options.text("github_team")?.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty } ?? []
        // With teams it is not enough to be a member of the organisation.
        if let own, teams.isEmpty { all = [(own, [])] }
        for team in teams {
            let parts = team.split(separator: ":", maxSplits: 1).map(String.init)
            let owner = parts.count == 2 ? parts[0] : own
            guard let owner, let slug = parts.last, own == nil || own?.lowercased() == owner.lowercased() else {
                strange.append(team)
                continue
            }
            if let place = all.firstIndex(where: { $0.name == owner }) {
                all[place].teams.append(slug)
            } else {
                all.append((owner, [slug]))
            }
        }
    }
}
