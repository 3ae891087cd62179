import Yams

/// `provider.connectors[].oidc.claimModifications`
enum OIDCModificationSection {
    static let newGroupFromClaims = Key.defaulted(
        "newGroupFromClaims", .list(of: OIDCNewGroupSection.section.shape), [], "Groups that are put together of claims.")
    static let filterGroupClaims = Key.section(
        "filterGroupClaims", OIDCGroupFilterSection.section, "Which of the upstream's groups are taken.")
    static let modifyGroupNames = Key.section(
        "modifyGroupNames", OIDCGroupNameSection.section, "What is added to the names of the upstream's groups.")

    static let section = Section(
        "claimModifications", [newGroupFromClaims.listed, filterGroupClaims.listed, modifyGroupNames.listed]
    ) { fields in
        let names = fields(modifyGroupNames)
        return OIDCSettings.ClaimModifications(
            newGroups: fields(newGroupFromClaims), groupsFilter: fields(filterGroupClaims), prefix: names.prefix,
            suffix: names.suffix)
    }
}

/// `provider.connectors[].oidc.claimModifications.newGroupFromClaims[]`
enum OIDCNewGroupSection {
    static let claims = Key.required("claims", .list(of: .text()), standIn: [String](), "The claims, in this order; texts only.")
    static let delimiter = Key.defaulted("delimiter", .text(), "", "What stands between them.")
    static let clearDelimiter = Key.defaulted(
        "clearDelimiter", .boolean(), false, "Whether it is taken out of the claims, so that none can pass for two.")
    static let prefix = Key.defaulted("prefix", .text(), "", "What stands before the first.")

    static let section = Section(
        "newGroupFromClaims", [claims.listed, delimiter.listed, clearDelimiter.listed, prefix.listed]
    ) { fields in
        OIDCSettings.NewGroup(
            claims: fields(claims), delimiter: fields(delimiter), clearsDelimiter: fields(clearDelimiter), prefix: fields(prefix))
    }
}

/// `provider.connectors[].oidc.claimModifications.filterGroupClaims`
enum OIDCGroupFilterSection {
    static let groupsFilter = Key.optional(
        "groupsFilter", Shape<String>.pattern(), "A regular expression: groups in which it is nowhere found are left out.")

    static let section = Section("filterGroupClaims", [groupsFilter.listed]) { fields in fields(groupsFilter) }
}

/// `provider.connectors[].oidc.claimModifications.modifyGroupNames`
enum OIDCGroupNameSection {
    static let prefix = Key.defaulted("prefix", .text(), "", "In front.")
    static let suffix = Key.defaulted("suffix", .text(), "", "Behind.")

    static let section = Section("modifyGroupNames", [prefix.listed, suffix.listed]) { fields in
        (prefix: fields(prefix), suffix: fields(suffix))
    }
}
