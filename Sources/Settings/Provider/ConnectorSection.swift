import JOSE
import Yams

/// `provider.connectors[]`
enum ConnectorSection {
    enum Kind: String, Sendable, CaseIterable {
        case ldap, oidc, oauth, github, gitlab, google, microsoft, authproxy
    }

    static let id = Key.required("id", .id(), standIn: "", "A short name, unique, that never changes: subjects are made of it.")
    static let kind = Key.required("type", .choice(notYet: ["saml"]), standIn: Kind.ldap, "What it is.")
    static let name = Key.required("name", .text(), standIn: "", "What people choose it by.")
    static let mfa = Key.optional(
        "mfa", Shape<SecondFactorRuleSetting>.choice(), "Whether its users are asked for a second factor.")
    static let ldap = Key.optional("ldap", LDAPSection.section.shape, "The directory, for `type: ldap`.")
    static let oidc = Key.optional("oidc", OIDCSection.section.shape, "The OpenID provider, for `type: oidc`.")
    static let oauth = Key.optional("oauth", OAuthSection.section.shape, "The OAuth 2.0 server, for `type: oauth`.")
    static let github = Key.optional("github", GitHubSection.section.shape, "For `type: github`.")
    static let gitlab = Key.optional("gitlab", GitLabSection.section.shape, "For `type: gitlab`.")
    static let google = Key.optional("google", GoogleSection.section.shape, "For `type: google`.")
    static let microsoft = Key.optional("microsoft", MicrosoftSection.section.shape, "For `type: microsoft`.")
    static let authproxy = Key.optional("authproxy", AuthProxySection.section.shape, "The proxy, for `type: authproxy`.")

    static let section = Section(
        "connector",
        [
            id.listed, kind.listed, name.listed, mfa.listed, ldap.listed, oidc.listed, oauth.listed, github.listed, gitlab.listed,
            google.listed, microsoft.listed, authproxy.listed,
        ]
    ) { fields in
        let kind = fields(kind)
        for other in Kind.allCases where other != kind {
            if let node = fields.given(other.rawValue), fields.given(Self.kind.name) != nil {
                fields.reading.error(
                    "`\(other.rawValue)` does not go with `type: \(kind.rawValue)`", "remove it, or change the type", at: node)
            }
        }
        let settings = settings(kind, fields)
        if fields.given(kind.rawValue) == nil {
            fields.reading.error("`\(kind.rawValue)` is missing", "add `\(kind.rawValue): { \(example(kind)) }`", at: fields.node)
        }
        return settings.map { ConnectorSettings(id: fields(id), name: fields(name), kind: $0, mfa: fields(mfa)) }
    }

    private static func settings(_ kind: Kind, _ fields: Fields) -> ConnectorSettings.Kind? {
        switch kind {
        case .ldap: fields(ldap).map { .ldap($0) }
        case .oidc: fields(oidc).map { .oidc($0) }
        case .oauth: fields(oauth).map { .oauth($0) }
        case .github: fields(github).map { .github($0) }
        case .gitlab: fields(gitlab).map { .gitlab($0) }
        case .google: fields(google).map { .google($0) }
        case .microsoft: fields(microsoft).map { .microsoft($0) }
        case .authproxy: fields(authproxy).map { .authproxy($0) }
        }
    }

    private static func example(_ kind: Kind) -> String {
        switch kind {
        case .ldap: "host: …, userSearch: { … }"
        case .oidc: "issuer: …, clientID: …, clientSecret: …"
        case .oauth: "clientID: …, authorizationURL: …, tokenURL: …, userInfoURL: …"
        case .github, .gitlab, .google, .microsoft: "clientID: …, clientSecret: …"
        case .authproxy: "trustedProxies: [ … ]"
        }
    }

    /// Connectors that were refused are left out.
    static let list = Shape<[ConnectorSettings?]>.list(of: section.shape).then { list, _, _ in list.compactMap { $0 } }
}
