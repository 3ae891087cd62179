package import JOSE

/// One way to sign in at the provider beside the users of the file.
package struct ConnectorSettings: Sendable {
    package enum Kind: Sendable {
        case ldap(LDAPSettings)
        case oidc(OIDCSettings)
        case oauth(OAuthSettings)
        case github(GitHubSettings)
        case gitlab(GitLabSettings)
        case google(GoogleSettings)
        case microsoft(MicrosoftSettings)
        case authproxy(AuthProxySettings)

        /// As `type` spells it.
        package var name: String {
            switch self {
            case .ldap: "ldap"
            case .oidc: "oidc"
            case .oauth: "oauth"
            case .github: "github"
            case .gitlab: "gitlab"
            case .google: "google"
            case .microsoft: "microsoft"
            case .authproxy: "authproxy"
            }
        }

        /// Whether the upstream's tokens may stand for a sign-in: whether it says for whom they are, or the operator does not ask.
        package var hasExchangeableTokens: Bool {
            switch self {
            case .oidc, .google, .github, .gitlab, .microsoft: true
            case .oauth(let settings): settings.client.insecureSkipTokenAudience
            case .ldap, .authproxy: false
            }
        }

        /// Our client, where it has one.
        package var client: UpstreamClientSettings? {
            switch self {
            case .ldap, .authproxy: nil
            case .oidc(let settings): settings.client
            case .oauth(let settings): settings.client
            case .github(let settings): settings.client
            case .gitlab(let settings): settings.client
            case .google(let settings): settings.client
            case .microsoft(let settings): settings.client
            }
        }

        /// URLs that are given by hand and that we ask ourselves.
        package var endpoints: [ConfiguredURL] {
            switch self {
            case .ldap, .authproxy, .github, .gitlab, .google, .microsoft: []
            case .oidc(let settings):
                [settings.overrides.tokenURL, settings.overrides.jwksURL, settings.overrides.userInfoURL].compactMap { $0 }
            case .oauth(let settings): [settings.tokenURL, settings.userInfoURL]
            }
        }

        /// Whether it checks passwords that people type here.
        package var takesPasswords: Bool { if case .ldap = self { true } else { false } }
    }

    /// A segment of paths, and part of every subject.
    package var id: String
    /// What people choose it by.
    package var name: String
    package var kind: Kind
    /// nil: as groups and the provider say.
    package var mfa: SecondFactorRuleSetting?
}

/// The options of Dex's LDAP connector, under its names.
package struct LDAPSettings: Sendable {
    package enum Scope: String, Sendable, CaseIterable {
        case sub, one
    }

    package struct UserSearch: Sendable {
        package var baseDN: String
        package var filter: String?
        package var username: [String]
        package var scope: Scope
        package var idAttr: String
        package var emailAttr: String
        package var nameAttr: String?
        package var preferredUsernameAttr: String?
        package var emailSuffix: String?
    }

    package struct GroupSearch: Sendable {
        package var baseDN: String
        package var filter: String?
        package var scope: Scope
        package var userMatchers: [UserMatcher]
        package var nameAttr: String
    }

    package struct UserMatcher: Sendable {
        package var userAttr: String
        package var groupAttr: String
        package var recursionGroupAttr: String?
    }

    /// `host:port` each; the port is there.
    package var hosts: [String]
    /// Clear text.
    package var insecureNoSSL: Bool
    package var startTLS: Bool
    package var insecureSkipVerify: Bool
    /// PEM files.
    package var rootCA: String?
    package var clientCert: String?
    package var clientKey: String?
    /// Both or none.
    package var bindDN: String?
    package var bindPW: Secret?
    package var usernamePrompt: String?
    /// Seconds.
    package var connectTimeout: Int64
    package var timeout: Int64
    package var signInTimeout: Int64
    package var userSearch: UserSearch
    package var groupSearch: GroupSearch?
}
