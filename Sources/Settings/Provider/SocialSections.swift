import Yams

/// `provider.connectors[].github`
enum GitHubSection {
    static let orgs = Key.defaulted(
        "orgs", .list(of: GitHubOrganizationSection.section.shape), [], "Whose members are taken; everybody without it.")
    static let loadAllGroups = Key.defaulted(
        "loadAllGroups", .boolean(), false, "Whether all organisations and teams are groups, without `orgs`.")
    static let teamNameField = Key.defaulted(
        "teamNameField", .choice(), GitHubSettings.TeamNameField.name, "What stands for a team in groups.")
    static let useLoginAsID = Key.defaulted(
        "useLoginAsID", .boolean(), false, "Whether subjects are made of the login, which people can change.")
    static let org = Key.optional(
        "org", Shape<String>.text(), "One organisation, whose teams are groups by their names alone; Dex's older form of `orgs`.")
    static let preferredEmailDomain = Key.optional(
        "preferredEmailDomain", .emailDomain(), "The verified address of this domain is taken; `*` stands for one label.")
    static let hostName = Key.optional("hostName", .text(), "The host of a GitHub Enterprise, without `https://`.")

    static let section = Section(
        "github",
        UpstreamClientKeys.all + [
            org.listed, orgs.listed, loadAllGroups.listed, teamNameField.listed, useLoginAsID.listed,
            preferredEmailDomain.listed, hostName.listed,
        ]
    ) { fields in
        if let host = fields(hostName), HostName.parseWithPort(host[...]) == nil {
            fields.reading.error(
                "\(quoted(host)) is not `host` or `host:port`", "write it like `github.example.com`",
                at: fields.given(hostName.name))
        }
        if fields.given(org.name) != nil, let node = fields.given(orgs.name) {
            fields.reading.error("`org` and `orgs` are both there", "keep `orgs`", at: node)
        }
        return GitHubSettings(
            client: UpstreamClientKeys.settings(fields), org: fields(org), orgs: fields(orgs),
            loadAllGroups: fields(loadAllGroups),
            teamNameField: fields(teamNameField), useLoginAsID: fields(useLoginAsID),
            preferredEmailDomain: fields(preferredEmailDomain), hostName: fields(hostName))
    }
}

/// `provider.connectors[].github.orgs[]`
enum GitHubOrganizationSection {
    static let name = Key.required("name", .text(), standIn: "", "The organisation.")
    static let teams = Key.defaulted(
        "teams", .list(of: .text()), [String](), "One of them has to be the person's; any member without it.")

    static let section = Section("org", [name.listed, teams.listed]) { fields in
        GitHubSettings.Organization(name: fields(name), teams: fields(teams))
    }
}

/// `provider.connectors[].gitlab`
enum GitLabSection {
    static let baseURL = Key.defaulted(
        "baseURL", .upstreamBase(), "https://gitlab.com", "Where the GitLab is.")
    static let groups = Key.defaulted(
        "groups", .list(of: .text()), [String](), "Whoever is in none of them is not taken; everybody without it.")
    static let useLoginAsID = Key.defaulted(
        "useLoginAsID", .boolean(), false, "Whether subjects are made of the user name, which people can change.")
    static let getGroupsPermission = Key.defaulted(
        "getGroupsPermission", .boolean(), false,
        "Whether `group:owner`, `group:maintainer`, `group:developer` are groups as well.")

    static let section = Section(
        "gitlab",
        UpstreamClientKeys.all + [baseURL.listed, groups.listed, useLoginAsID.listed, getGroupsPermission.listed]
    ) { fields in
        GitLabSettings(
            client: UpstreamClientKeys.settings(fields), baseURL: fields(baseURL), groups: fields(groups),
            useLoginAsID: fields(useLoginAsID), getGroupsPermission: fields(getGroupsPermission))
    }
}

extension Shape where Value == String {
    /// A URL that paths are added to: https, or http on this machine; without `/` at its end.
    static func upstreamBase() -> Shape {
        Shape<ConfiguredURL>.issuer().then(show: { .text($0) }) { url, _, _ in
            url.text.hasSuffix("/") ? String(url.text.dropLast()) : url.text
        }
    }
}

extension Shape where Value == String {
    /// `example.com`; a label may be `*`.
    fileprivate static func emailDomain() -> Shape {
        token("a domain", "letters, digits, `-`, `.` and `*`", atMost: 253) { isAlphanumeric($0) || "-.*".utf8.contains($0) }
    }
}
