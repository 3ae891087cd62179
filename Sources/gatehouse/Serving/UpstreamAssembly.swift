import Connectors
import JOSE
import OpenIDConnect
import OpenIDProvider
import RelyingParty
import Settings
import Web

/// The connector of one entry that sends people elsewhere to sign in.
struct UpstreamAssembly: Sendable {
    let id: String
    let name: String
    /// `provider.issuer`
    let issuer: String
    let exchange: MeasuredExchange

    private static let google = "https://accounts.google.com"
    /// No metadata name it.
    private static let googleTokenInfo = "https://oauth2.googleapis.com/tokeninfo"

    func oidc(_ settings: OIDCSettings) -> any UpstreamConnector {
        var client = ProviderClient(
            id: id, issuer: (settings.issuerAlias ?? settings.issuer).text, clientID: settings.client.clientID,
            clientSecret: settings.client.clientSecret,
            authenticationMethod: settings.basicAuthUnsupported.map { $0 ? .clientSecretPost : .clientSecretBasic },
            scopes: Scope(["openid"]).adding(settings.scopes), usesUserinfo: settings.getUserInfo)
        if client.clientSecret == nil { client.authenticationMethod = ClientAuthenticationMethod.none }
        client.addresses.authorization = settings.overrides.authURL?.text
        client.addresses.token = settings.overrides.tokenURL?.text
        client.addresses.keys = settings.overrides.jwksURL?.text
        client.addresses.userinfo = settings.overrides.userInfoURL?.text
        if settings.issuerAlias != nil { client.addresses.metadataBase = settings.issuer.text }
        client.authorization.acrValues = settings.acrValues
        client.authorization.furtherParameters = Self.hostedDomain(settings.hostedDomains)
        return OpenIDConnector(
            id: id, name: name, redirectURI: settings.client.redirectURI?.text,
            party: RelyingParty(client: client, exchange: exchange, clock: .system), claims: UpstreamClaims(settings),
            offline: .scope(prompt: settings.promptType), audienceSource: settings.client.audienceSource(.provider))
    }

    func google(_ settings: GoogleSettings) -> any UpstreamConnector {
        var client = ProviderClient(
            id: id, issuer: Self.google, clientID: settings.client.clientID, clientSecret: settings.client.clientSecret,
            scopes: Scope(["openid"]).adding(settings.scopes))
        client.authorization.furtherParameters = Self.hostedDomain(settings.hostedDomains)
        var claims = UpstreamClaims()
        claims.hostedDomains = settings.hostedDomains
        claims.requiresEmail = settings.scopes.contains("email")
        return OpenIDConnector(
            id: id, name: name, redirectURI: settings.client.redirectURI?.text,
            party: RelyingParty(client: client, exchange: exchange, clock: .system), claims: claims,
            offline: .parameters([(name: "access_type", value: "offline")], prompt: settings.promptType),
            directory: settings.directory.map(directory),
            audienceSource: settings.client.audienceSource(.tokenInfo(url: Self.googleTokenInfo)))
    }

    private func directory(_ settings: GoogleSettings.Directory) -> GoogleGroups {
        let account = settings.account
        return GoogleGroups(
            administrators: settings.administrators.map { .init(domain: $0.domain, email: $0.email) }, groups: settings.groups,
            isTransitive: settings.isTransitive,
            account: GoogleServiceAccount(
                email: account.email, key: account.key, keyID: account.keyID, tokenURL: account.tokenURL.text),
            exchange: exchange, clock: .system)
    }

    /// Which accounts are offered: what is taken is the claim's to say.
    private static func hostedDomain(_ domains: [String]) -> [(name: String, value: String)] {
        domains.isEmpty ? [] : [(name: "hd", value: domains.count == 1 ? domains[0] : "*")]
    }

    func oauth(_ settings: OAuthSettings) -> any UpstreamConnector {
        var profile = OAuthProfile(userInfoURL: settings.userInfoURL.text)
        profile.userIDKey = settings.userIDKey
        profile.userNameKey = settings.claimMapping.userNameKey
        profile.preferredUsernameKey = settings.claimMapping.preferredUsernameKey
        profile.groupsKey = settings.claimMapping.groupsKey
        profile.emailKey = settings.claimMapping.emailKey
        profile.emailVerifiedKey = settings.claimMapping.emailVerifiedKey
        profile.skipsEmailVerification = settings.insecureSkipEmailVerified
        return connector(
            settings.client, settings.authorizationURL.text, settings.tokenURL.text, scopes: settings.scopes, profile)
    }

    func github(_ settings: GitHubSettings) -> any UpstreamConnector {
        let host = settings.hostName ?? "github.com"
        var profile = GitHubProfile(
            apiURL: settings.hostName.map { "https://\($0)/api/v3" } ?? "https://api.github.com")
        profile.orgs = settings.orgs.map { .init(name: $0.name, teams: $0.teams) }
        if let org = settings.org { profile.orgs = [.init(name: org, teams: [], isNameless: true)] }
        profile.preferredEmailDomain = settings.preferredEmailDomain
        profile.loadAllGroups = settings.loadAllGroups
        profile.teamNameField =
            switch settings.teamNameField {
            case .name: .name
            case .slug: .slug
            case .both: .both
            }
        profile.useLoginAsID = settings.useLoginAsID
        profile.isEnterprise = settings.hostName != nil
        return connector(
            settings.client, "https://\(host)/login/oauth/authorize", "https://\(host)/login/oauth/access_token", profile,
            method: .clientSecretPost)
    }

    func gitlab(_ settings: GitLabSettings) -> any UpstreamConnector {
        var profile = GitLabProfile(baseURL: settings.baseURL)
        profile.groups = settings.groups
        profile.useLoginAsID = settings.useLoginAsID
        profile.getGroupsPermission = settings.getGroupsPermission
        return connector(
            settings.client, "\(settings.baseURL)/oauth/authorize", "\(settings.baseURL)/oauth/token", profile,
            method: .clientSecretPost)
    }

    func microsoft(_ settings: MicrosoftSettings) -> any UpstreamConnector {
        var profile = MicrosoftProfile(graphURL: settings.graphURL.origin, tenant: settings.tenant)
        profile.groups = settings.groups
        profile.onlySecurityGroups = settings.onlySecurityGroups
        profile.groupNameFormat =
            switch settings.groupNameFormat {
            case .id: .id
            case .name: .name
            }
        profile.useGroupsAsWhitelist = settings.useGroupsAsWhitelist
        profile.emailToLowercase = settings.emailToLowercase
        profile.domainHint = settings.domainHint
        profile.userScopes = settings.scopes ?? ["user.read"]
        profile.preferredUsernameField = settings.preferredUsernameField.map(MicrosoftProfile.PreferredUsernameField.init)
        let base = "\(settings.apiURL.origin)/\(settings.tenant)/oauth2/v2.0"
        return connector(
            settings.client, "\(base)/authorize", "\(base)/token", profile, method: .clientSecretPost,
            prompt: settings.promptType)
    }

    private func connector(
        _ settings: UpstreamClientSettings, _ authorizationURL: String, _ tokenURL: String, scopes: [String] = [],
        _ profile: any UpstreamProfile, method: ClientAuthenticationMethod = .clientSecretBasic, prompt: String? = nil
    ) -> any UpstreamConnector {
        var client = ProviderClient(
            id: id, issuer: "", clientID: settings.clientID, clientSecret: settings.clientSecret,
            authenticationMethod: settings.clientSecret == nil ? ClientAuthenticationMethod.none : method)
        client.authorization.prompt = prompt
        return OAuthConnector(
            id: id, name: name, redirectURI: settings.redirectURI?.text,
            client: OAuthClient(
                client: client, authorizationURL: authorizationURL, tokenURL: tokenURL, exchange: exchange, clock: .system),
            scopes: scopes, profile: profile, exchange: exchange, clock: .system,
            takesTokensOfAnyClient: settings.insecureSkipTokenAudience)
    }

    func trustedHeader(_ settings: AuthProxySettings) -> any UpstreamConnector {
        var options = TrustedHeaderConnector.Options(
            trustedProxies: settings.trustedProxies.compactMap { AddressRange($0.text) })
        options.userHeader = settings.userHeader.lowercased()
        options.userIDHeader = settings.userIDHeader.lowercased()
        options.userNameHeader = settings.userNameHeader.lowercased()
        options.emailHeader = settings.emailHeader.lowercased()
        options.groupHeader = settings.groupHeader.lowercased()
        options.groupHeaderSeparator = settings.groupHeaderSeparator
        options.groups = settings.groups
        options.proxySecret = settings.proxySecret
        return TrustedHeaderConnector(id: id, name: name, redirectURI: "\(issuer)/callback/\(id)", options: options)
    }
}

extension UpstreamClientSettings {
    fileprivate func audienceSource(_ usual: TokenAudienceSource) -> TokenAudienceSource {
        insecureSkipTokenAudience ? .nobody : usual
    }
}

extension UpstreamClaims {
    fileprivate init(_ settings: OIDCSettings) {
        self.init()
        userIDKey = settings.userIDKey
        userNameKey = settings.userNameKey
        preferredUsernameKey = settings.claimMapping.preferredUsername
        emailKey = settings.claimMapping.email
        groupsKey = settings.claimMapping.groups
        overridesClaims = settings.overrideClaimMapping
        skipsEmailVerification = settings.insecureSkipEmailVerified
        takesGroups = settings.insecureEnableGroups
        allowedGroups = settings.allowedGroups
        modifications.newGroups = settings.claimModifications.newGroups.map {
            .init(claims: $0.claims, delimiter: $0.delimiter, clearsDelimiter: $0.clearsDelimiter, prefix: $0.prefix)
        }
        modifications.filter = settings.claimModifications.groupsFilter
        modifications.prefix = settings.claimModifications.prefix
        modifications.suffix = settings.claimModifications.suffix
        hostedDomains = settings.hostedDomains
        requiresEmail = settings.scopes.contains("email")
    }
}

extension MicrosoftProfile.PreferredUsernameField {
    fileprivate init(_ field: MicrosoftSettings.PreferredUsernameField) {
        switch field {
        case .name: self = .name
        case .email: self = .email
        case .mailNickname: self = .mailNickname
        case .onPremisesSamAccountName: self = .onPremisesSamAccountName
        }
    }
}
