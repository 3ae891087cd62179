package import JOSE

/// Another OpenID provider: the options of Dex's `oidc` connector, under its names.
package struct OIDCSettings: Sendable {
    package struct ClaimMapping: Sendable {
        package var preferredUsername: String
        package var email: String
        package var groups: String
    }

    package struct DiscoveryOverrides: Sendable {
        package var tokenURL: ConfiguredURL?
        package var authURL: ConfiguredURL?
        package var jwksURL: ConfiguredURL?
        package var userInfoURL: ConfiguredURL?
    }

    package enum CodeChallenge: String, Sendable, CaseIterable {
        case s256 = "S256"
    }

    package struct NewGroup: Sendable {
        package var claims: [String]
        package var delimiter: String
        package var clearsDelimiter: Bool
        package var prefix: String
    }

    package struct ClaimModifications: Sendable {
        package var newGroups: [NewGroup]
        /// A regular expression.
        package var groupsFilter: String?
        package var prefix: String
        package var suffix: String
    }

    package var issuer: ConfiguredURL
    /// What it calls itself; nil: by `issuer`.
    package var issuerAlias: ConfiguredURL?
    package var client: UpstreamClientSettings
    /// Without `openid`.
    package var scopes: [String]
    package var basicAuthUnsupported: Bool?
    package var getUserInfo: Bool
    package var insecureSkipEmailVerified: Bool
    package var insecureEnableGroups: Bool
    package var allowedGroups: [String]
    package var userIDKey: String
    package var userNameKey: String
    /// nil: none is sent.
    package var promptType: String?
    package var acrValues: [String]
    package var hostedDomains: [String]
    package var overrideClaimMapping: Bool
    package var claimMapping: ClaimMapping
    package var claimModifications: ClaimModifications
    package var overrides: DiscoveryOverrides
}

/// Any OAuth 2.0 server with an API that says who somebody is: Dex's `oauth` connector.
package struct OAuthSettings: Sendable {
    package struct ClaimMapping: Sendable {
        package var userNameKey: String
        package var preferredUsernameKey: String
        package var groupsKey: String
        package var emailKey: String
        package var emailVerifiedKey: String
    }

    package var client: UpstreamClientSettings
    package var authorizationURL: ConfiguredURL
    package var tokenURL: ConfiguredURL
    package var userInfoURL: ConfiguredURL
    package var scopes: [String]
    package var userIDKey: String
    package var claimMapping: ClaimMapping
    package var insecureSkipEmailVerified: Bool
}

/// Dex's `github` connector.
package struct GitHubSettings: Sendable {
    package struct Organization: Sendable {
        package var name: String
        package var teams: [String]
    }

    package enum TeamNameField: String, Sendable, CaseIterable {
        case name, slug, both
    }

    package var client: UpstreamClientSettings
    /// One organisation whose teams are groups without its name; then `orgs` is empty.
    package var org: String?
    package var orgs: [Organization]
    package var loadAllGroups: Bool
    package var teamNameField: TeamNameField
    package var useLoginAsID: Bool
    /// A label may be `*`.
    package var preferredEmailDomain: String?
    /// `host` or `host:port` of a GitHub Enterprise; nil: github.com.
    package var hostName: String?
}

/// Dex's `gitlab` connector.
package struct GitLabSettings: Sendable {
    package var client: UpstreamClientSettings
    /// Without `/` at its end.
    package var baseURL: String
    package var groups: [String]
    package var useLoginAsID: Bool
    package var getGroupsPermission: Bool
}

/// Dex's `google` connector.
package struct GoogleSettings: Sendable {
    package var client: UpstreamClientSettings
    package var scopes: [String]
    package var hostedDomains: [String]
    package var promptType: String?
    /// nil: there are no groups.
    package var directory: Directory?

    /// Where groups are asked for.
    package struct Directory: Sendable {
        package var account: ServiceAccount
        /// At least one.
        package var administrators: [Administrator]
        /// Empty: everybody is taken.
        package var groups: [String]
        package var isTransitive: Bool
    }

    package struct ServiceAccount: Sendable {
        package var email: String
        package var key: SigningKey
        package var keyID: String
        package var tokenURL: ConfiguredURL
    }

    /// `domain` is `*` for every other one.
    package struct Administrator: Sendable {
        package var domain: String
        package var email: String
    }
}

/// Dex's `microsoft` connector.
package struct MicrosoftSettings: Sendable {
    package enum GroupNameFormat: String, Sendable, CaseIterable {
        case id, name
    }

    package var client: UpstreamClientSettings
    package var tenant: String
    package var groups: [String]
    package var onlySecurityGroups: Bool
    package var groupNameFormat: GroupNameFormat
    package var useGroupsAsWhitelist: Bool
    package var emailToLowercase: Bool
    package var promptType: String?
    package var domainHint: String?
    /// Origins.
    package var apiURL: ConfiguredURL
    package var graphURL: ConfiguredURL
    /// nil: `user.read`.
    package var scopes: [String]?
    /// nil: the user principal name.
    package var preferredUsernameField: PreferredUsernameField?

    package enum PreferredUsernameField: String, Sendable, CaseIterable {
        case name, email, mailNickname, onPremisesSamAccountName
    }
}

/// Dex's `authproxy` connector.
package struct AuthProxySettings: Sendable {
    package var userHeader: String
    package var userIDHeader: String
    package var userNameHeader: String
    package var emailHeader: String
    package var groupHeader: String
    package var groupHeaderSeparator: String
    package var groups: [String]
    /// At least one.
    package var trustedProxies: [CIDRBlock]
    package var proxySecret: Secret?
}
