import Connectors
import JOSE
import Logging
import OpenIDProvider
import Settings

extension ProviderSettings {
    /// The ways to sign in, in the order of the file: its users first, where there are some or nothing else is.
    func connectors(networks: ProviderNetworks, logger: Logger) -> [any Connector] {
        let others = connectors.map { $0.connector(issuer: issuer.text, networks: networks, logger: logger) }
        return localConnector.map { [$0] + others } ?? others
    }

    /// Those that check passwords which people type here.
    func passwordConnectors(logger: Logger) -> [any PasswordConnector] {
        let others = connectors.compactMap { $0.passwordConnector(logger: logger) }
        return localConnector.map { [$0] + others } ?? others
    }

    private var localConnector: (any PasswordConnector)? {
        users.isEmpty && !connectors.isEmpty
            ? nil : LocalConnector(users: users.map(LocalUser.init), randomness: .system)
    }
}

extension ConnectorSettings {
    fileprivate func connector(issuer: String, networks: ProviderNetworks, logger: Logger) -> any Connector {
        let upstream = UpstreamAssembly(id: id, name: name, issuer: issuer, networks: networks)
        return switch kind {
        case .ldap(let settings): ldap(settings, logger: logger)
        case .oidc(let settings): upstream.oidc(settings)
        case .oauth(let settings): upstream.oauth(settings)
        case .github(let settings): upstream.github(settings)
        case .gitlab(let settings): upstream.gitlab(settings)
        case .google(let settings): upstream.google(settings)
        case .microsoft(let settings): upstream.microsoft(settings)
        case .authproxy(let settings): upstream.trustedHeader(settings)
        }
    }

    fileprivate func passwordConnector(logger: Logger) -> (any PasswordConnector)? {
        switch kind {
        case .ldap(let settings): ldap(settings, logger: logger)
        case .oidc, .oauth, .github, .gitlab, .google, .microsoft, .authproxy: nil
        }
    }

    private func ldap(_ settings: LDAPSettings, logger: Logger) -> LDAPConnector {
        LDAPConnector(
            id: id, name: name, usernamePrompt: settings.usernamePrompt, LDAPConfiguration(settings), clock: .system,
            logger: logger)
    }
}

extension LDAPConfiguration {
    fileprivate init(_ settings: LDAPSettings) {
        let client = settings.clientCert.flatMap { certificate in settings.clientKey.map { (certificate, $0) } }
        let account = settings.bindDN.flatMap { dn in settings.bindPW.map { (dn, $0) } }
        self.init(
            hosts: settings.hosts,
            encryption: settings.insecureNoSSL ? .none : settings.startTLS ? .startTLS : .tls,
            verifiesCertificate: !settings.insecureSkipVerify, rootCA: settings.rootCA, clientCertificate: client,
            account: account, userSearch: UserSearch(settings.userSearch), groupSearch: settings.groupSearch.map(GroupSearch.init)
        )
    }
}

extension LDAPConfiguration.Scope {
    fileprivate init(_ scope: LDAPSettings.Scope) {
        switch scope {
        case .sub: self = .sub
        case .one: self = .one
        }
    }
}

extension LDAPConfiguration.UserSearch {
    fileprivate init(_ search: LDAPSettings.UserSearch) {
        self.init(
            baseDN: search.baseDN, filter: search.filter, username: search.username, scope: .init(search.scope),
            idAttr: search.idAttr, emailAttr: search.emailAttr, nameAttr: search.nameAttr,
            preferredUsernameAttr: search.preferredUsernameAttr, emailSuffix: search.emailSuffix)
    }
}

extension LDAPConfiguration.GroupSearch {
    fileprivate init(_ search: LDAPSettings.GroupSearch) {
        self.init(
            baseDN: search.baseDN, filter: search.filter, scope: .init(search.scope),
            userMatchers: search.userMatchers.map {
                .init(userAttr: $0.userAttr, groupAttr: $0.groupAttr, recursionGroupAttr: $0.recursionGroupAttr)
            },
            nameAttr: search.nameAttr)
    }
}
