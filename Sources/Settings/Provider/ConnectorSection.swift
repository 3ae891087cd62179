import JOSE
import Yams

/// `provider.connectors[]`
enum ConnectorSection {
    enum Kind: String, Sendable, CaseIterable {
        case ldap
    }

    static let id = Key.required("id", .id(), standIn: "", "A short name, unique, that never changes: subjects are made of it.")
    static let kind = Key.required(
        "type", .choice(notYet: ["oidc", "oauth", "github", "gitlab", "google", "microsoft", "saml", "authproxy"]),
        standIn: Kind.ldap,
        "What it is.")
    static let name = Key.required("name", .text(), standIn: "", "What people choose it by.")
    static let ldap = Key.optional("ldap", LDAPSection.section.shape, "The directory, for `type: ldap`.")

    static let section = Section("connector", [id.listed, kind.listed, name.listed, ldap.listed]) { fields in
        let settings = fields(ldap)
        if fields.given(ldap.name) == nil {
            fields.reading.error("`ldap` is missing", "add `ldap: { host: …, userSearch: { … } }`", at: fields.node)
        }
        _ = fields(kind)
        return settings.map { ConnectorSettings(id: fields(id), name: fields(name), kind: .ldap($0)) }
    }

    /// Connectors that were refused are left out.
    static let list = Shape<[ConnectorSettings?]>.list(of: section.shape).then { list, _, _ in list.compactMap { $0 } }
}
