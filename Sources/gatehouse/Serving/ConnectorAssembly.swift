import Connectors
import JOSE
import Logging
import OpenIDProvider
import Settings

extension ProviderSettings {
    /// The ways to sign in, in the order of the file: its users first, where there are some or nothing else is.
    func passwordConnectors(logger: Logger) -> [any PasswordConnector] {
        let others = connectors.map { $0.connector(logger: logger) }
        guard users.isEmpty, !others.isEmpty else {
            return [LocalConnector(users: users.map(LocalUser.init), randomness: .system)] + others
        }
        return others
    }
}

extension ConnectorSettings {
    fileprivate func connector(logger: Logger) -> any PasswordConnector {
        switch kind {
        case .ldap(let settings):
            LDAPConnector(
                id: id, name: name, usernamePrompt: settings.usernamePrompt, LDAPConfiguration(settings), clock: .system,
                logger: logger)
        }
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
