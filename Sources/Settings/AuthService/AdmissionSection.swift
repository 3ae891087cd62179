import Yams

/// `authService.providers[].allow`
enum AdmissionSection {
    static let emailDomains = Key.defaulted("emailDomains", .list(of: domain), [], "Domains of verified e-mail addresses.")
    static let emailsFile = Key.optional(
        "emailsFile", .file(), "A file with one verified e-mail address a line; read again when it has changed.")

    static let section = Section(
        "allow", [AllowSection.users.listed, AllowSection.groups.listed, emailDomains.listed, emailsFile.listed]
    ) { fields in
        let domains = fields(emailDomains).map { UserPattern.domain($0) }
        let settings = AdmissionSettings(
            users: fields(AllowSection.users) + domains, groups: fields(AllowSection.groups), emailsFile: fields(emailsFile))
        if settings.users.isEmpty, settings.groups.isEmpty, settings.emailsFile == nil, fields.node.mapping != nil,
            fields.reading.isSound(fields.reading.way)
        {
            fields.reading.error("`allow` names nobody", "name users, groups or e-mail domains, or remove it", at: fields.node)
        }
        return settings
    }

    private static let domain = Shape<String>.text().then(show: { .text($0) }) { text, node, reading -> String? in
        guard let domain = HostName.parse(text.hasPrefix("@") ? text.dropFirst() : text[...]) else {
            return reading.refuse("\(quoted(text)) is not a domain", "write it like `example.com`", node)
        }
        return domain
    }
}
