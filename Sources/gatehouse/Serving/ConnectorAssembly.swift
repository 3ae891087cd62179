import Connectors
import JOSE
import Logging
import OpenIDProvider
import Settings

extension ProviderSettings {
    /// The ways to sign in, in the order of the file: local users first, where there are some or nothing else is.
    func connectors(
        networks: ProviderNetworks, store: any UserStore, pool: HashingPool, logger: Logger
    ) -> [any Connector] {
        let others = connectors.map {
            $0.connector(issuer: issuer.text, exchange: networks.exchange(forConnector: $0.id), logger: logger)
        }
        return localConnector(store, pool).map { [$0] + others } ?? others
    }

    /// Those that check passwords which people type here.
    func passwordConnectors(store: any UserStore, pool: HashingPool, logger: Logger) -> [any PasswordConnector] {
        let others = connectors.compactMap { $0.passwordConnector(logger: logger) }
        return localConnector(store, pool).map { [$0] + others } ?? others
    }

    private func localConnector(_ store: any UserStore, _ pool: HashingPool) -> (any PasswordConnector)? {
        guard hasLocalUsers else { return nil }
        return LocalConnector(
            users: users.map(LocalUser.init), store: storedUsers == nil ? nil : store, scheme: PasswordScheme(passwords),
            randomness: .system, pool: pool)
    }

    /// What stands behind the users of the store; `nil` where there are none.
    func userAccounts(store: any UserStore, pool: HashingPool) throws -> UserAccounts.Parts? {
        try storedUsers.map { settings in
            let passwords = LocalPasswords(
                scheme: PasswordScheme(passwords), minimumLength: passwords.minimumLength,
                refused: try passwords.refused.map(RefusedPasswords.init(file:)) ?? .none, pool: pool, randomness: .system)
            return UserAccounts.Parts(
                store: store, passwords: passwords, settings: .init(invitationLife: settings.invitations))
        }
    }
}

extension PasswordScheme {
    fileprivate init(_ settings: PasswordSettings) {
        switch settings.algorithm {
        case .bcrypt: self = .bcrypt(settings.bcryptCost)
        case .argon2id:
            let cost = settings.argon2id
            self = .argon2id(
                Argon2id.Cost(
                    memory: UInt32(clamping: cost.memory >> 10), iterations: UInt32(clamping: cost.iterations),
                    parallelism: UInt32(clamping: cost.parallelism)))
        }
    }
}

extension RefusedPasswords {
    /// - Throws: `StartFailure` for a list that cannot be read or is larger than 1 GiB.
    fileprivate init(file path: String) throws {
        let limit = 1 << 30
        do throws(ConfigurationSources.Failure) {
            let bytes = try ConfigurationSources.process.file(path, limit).bytes
            guard bytes.count <= limit else { throw ConfigurationSources.Failure(reason: "larger than 1 GiB") }
            self.init(list: bytes)
        } catch { throw StartFailure(description: "\(path): the list of passwords cannot be read: \(error.reason)") }
    }
}

extension ProviderSettings {
    /// Makes connectors of the store.
    func connectorMaker(networks: ProviderNetworks, logger: Logger) -> ConnectorMaker {
        { [self] (id, members) throws(UnusableConnector) in
            do {
                let settings = try ConnectorDocument(members, id: id, of: self).settings
                let (exchange, close) = try networks.exchange(forStored: settings)
                return LiveConnector(
                    settings.connector(issuer: issuer.text, exchange: exchange, logger: logger),
                    secondFactor: settings.mfa.map(SecondFactorRule.init), close: close)
            } catch {
                throw UnusableConnector((error as? ConnectorDocument.Refusal)?.text ?? "\(error)")
            }
        }
    }
}

extension ConnectorDocument.Refusal {
    var text: String { problems.joined(separator: "; ") }
}

extension ConnectorSettings {
    fileprivate func connector(issuer: String, exchange: MeasuredExchange, logger: Logger) -> any Connector {
        let upstream = UpstreamAssembly(id: id, name: name, issuer: issuer, exchange: exchange)
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
    init(_ settings: LDAPSettings) {
        let client = settings.clientCert.flatMap { certificate in settings.clientKey.map { (certificate, $0) } }
        let account = settings.bindDN.flatMap { dn in settings.bindPW.map { (dn, $0) } }
        self.init(
            hosts: settings.hosts,
            encryption: settings.insecureNoSSL ? .none : settings.startTLS ? .startTLS : .tls,
            verifiesCertificate: !settings.insecureSkipVerify, rootCA: settings.rootCA, clientCertificate: client,
            account: account,
            limits: Limits(connect: settings.connectTimeout, answer: settings.timeout, signIn: settings.signInTimeout),
            userSearch: UserSearch(settings.userSearch), groupSearch: settings.groupSearch.map(GroupSearch.init)
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
