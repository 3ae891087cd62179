import Yams

/// `provider.connectors[].microsoft`
enum MicrosoftSection {
    private static func cloud(_ text: String) -> ConfiguredURL {
        ConfiguredURL(text: text, scheme: "https", host: String(text.dropFirst("https://".count)), path: "")
    }

    static let tenant = Key.defaulted(
        "tenant", .id(), "common", "A tenant's id or domain; or `common`, `organizations`, `consumers`.")
    static let groups = Key.defaulted(
        "groups", .list(of: .text()), [String](), "Whoever is in none of them is not taken; everybody without it.")
    static let onlySecurityGroups = Key.defaulted("onlySecurityGroups", .boolean(), false, "Whether only security groups count.")
    static let groupNameFormat = Key.defaulted(
        "groupNameFormat", .choice(), MicrosoftSettings.GroupNameFormat.name, "What stands for a group.")
    static let useGroupsAsWhitelist = Key.defaulted(
        "useGroupsAsWhitelist", .boolean(), false, "Whether only those of `groups` are told.")
    static let emailToLowercase = Key.defaulted("emailToLowercase", .boolean(), false, "Writes addresses in lower case.")
    static let promptType = Key.optional("promptType", Shape<String>.text(), "`prompt` of every sign-in.")
    static let domainHint = Key.optional(
        "domainHint", Shape<String>.text(), "Leads people past the page that asks for their address.")
    static let apiURL = Key.defaulted(
        "apiURL", .origin(), cloud("https://login.microsoftonline.com"), "Where people sign in; other clouds have others.")
    static let graphURL = Key.defaulted(
        "graphURL", .origin(), cloud("https://graph.microsoft.com"), "Microsoft Graph; other clouds have others.")
    static let scopes = Key.optional(
        "scopes", .list(of: Shape<String>.scope()), "What is asked for in place of `user.read`.")
    static let preferredUsernameField = Key.optional(
        "preferredUsernameField", Shape<MicrosoftSettings.PreferredUsernameField>.choice(),
        "What becomes `preferred_username`; the user principal name when missing.")

    static let section = Section(
        "microsoft",
        UpstreamClientKeys.all + [
            tenant.listed, groups.listed, onlySecurityGroups.listed, groupNameFormat.listed, useGroupsAsWhitelist.listed,
            emailToLowercase.listed, promptType.listed, domainHint.listed, apiURL.listed, graphURL.listed,
            scopes.listed, preferredUsernameField.listed,
        ]
    ) { fields in
        let tenant = fields(tenant)
        if !fields(groups).isEmpty, ["common", "organizations", "consumers"].contains(tenant) {
            fields.reading.error(
                "`groups` needs one `tenant`: there are no groups over several", "write the tenant's id",
                at: fields.given(groups.name))
        }
        return MicrosoftSettings(
            client: UpstreamClientKeys.settings(fields), tenant: tenant, groups: fields(groups),
            onlySecurityGroups: fields(onlySecurityGroups), groupNameFormat: fields(groupNameFormat),
            useGroupsAsWhitelist: fields(useGroupsAsWhitelist), emailToLowercase: fields(emailToLowercase),
            promptType: fields(promptType), domainHint: fields(domainHint), apiURL: fields(apiURL), graphURL: fields(graphURL),
            scopes: fields(scopes), preferredUsernameField: fields(preferredUsernameField))
    }
}
