import JOSE
import TLS

enum ClientChecks {
    /// Codes over http to another machine can be read on the way (RFC 9700, section 4.1).
    @Sendable static func clearText(_ configuration: Configuration, _ reading: Reading) {
        for (number, client) in (configuration.provider?.clients ?? []).enumerated() {
            for (index, uri) in client.redirectURIs.enumerated() {
                guard let url = try? ConfiguredURL(parsing: uri), !url.isSecure, !url.isLoopback else { continue }
                reading.warning(
                    "the redirect URI `\(uri)` is http: codes travel in clear text", "use https",
                    of: "provider.clients[\(number)].redirectURIs[\(index)]")
            }
        }
    }
}

/// What clients name has to be there.
enum ClientNameChecks {
    @Sendable static func named(_ configuration: Configuration, _ reading: Reading) {
        guard let provider = configuration.provider else { return }
        let clients = provider.clients.map(\.id)
        let connectors = ["local"] + provider.connectors.map(\.id)
        for (number, client) in provider.clients.enumerated() {
            let way = "provider.clients[\(number)]"
            unknown("client", client.trustedPeers, in: clients, way + ".trustedPeers", reading)
            if !provider.storesConnectors {
                unknown("connector", client.connectors ?? [], in: connectors, way + ".connectors", reading)
            }
            exchange(client, provider, way + ".exchangeConnectors", reading)
            if let algorithm = client.idTokenAlgorithm, !provider.signingAlgorithms.contains(algorithm) {
                reading.error(
                    "`\(algorithm.rawValue)` is not among `signingAlgorithms`", "add it there, or choose another",
                    of: way + ".idTokenAlgorithm")
            }
            grants(client, provider, way + ".grantTypes", reading)
        }
        if let id = provider.passwordConnector {
            if !provider.storesConnectors { unknown("connector", [id], in: connectors, "provider.passwordConnector", reading) }
            if provider.connectors.contains(where: { $0.id == id && !$0.kind.takesPasswords }) {
                reading.error(
                    "the connector \(quoted(id)) checks no passwords: people sign in elsewhere", "name another",
                    of: "provider.passwordConnector")
            }
        }
        for (index, issuer) in provider.assertionIssuers.enumerated() where connectors.contains(issuer.id) {
            reading.error(
                "the id \(quoted(issuer.id)) is a connector's", "choose another", of: "provider.assertionIssuers[\(index)].id")
        }
    }

    /// Whoever asks whether a request may pass has to be the gateway: there a certificate is no option.
    @Sendable static func optionalCertificates(_ configuration: Configuration, _ reading: Reading) {
        let listen = configuration.listen
        for (name, listener) in [("checkHTTP", listen.checkHTTP), ("checkGRPC", listen.checkGRPC), ("admin", listen.admin)]
        where listener.tls?.clientCertificate == .optional {
            reading.error(
                "certificates are optional at `listen.web` only", "leave `clientCertificate` out",
                of: "listen.\(name).tls.clientCertificate")
        }
    }

    /// Somebody has to tell us of certificates.
    @Sendable static func certificates(_ configuration: Configuration, _ reading: Reading) {
        guard let provider = configuration.provider else { return }
        if let settings = provider.clientCertificates, !settings.isForwarded, configuration.listen.web.tls?.clientCA == nil {
            reading.error(
                "`listen.web` asks nobody for a certificate", "add `listen.web.tls.clientCA`, or `source: forwarded`",
                of: "provider.clientCertificates")
        }
        for (number, client) in provider.clients.enumerated() where client.certificate != nil || client.bindsAccessTokens {
            let way = "provider.clients[\(number)]"
            if provider.clientCertificates == nil {
                reading.error("certificates of clients do not count here", "add `provider.clientCertificates`", of: way)
            } else if client.authentication == .tlsClientAuth, provider.clientCertificates?.authorities.isEmpty ?? true {
                reading.error(
                    "nobody vouches for the name in the certificate", "add `provider.clientCertificates.caFile`", of: way)
            }
        }
    }

    /// An upstream has to say for whom its tokens are.
    private static func exchange(_ client: ClientSettings, _ provider: ProviderSettings, _ way: String, _ reading: Reading) {
        guard !client.exchangeConnectors.isEmpty else { return }
        // What is in the storage can change: there the connector itself refuses tokens that say of nobody for whom they are.
        let named = client.exchangeConnectors.filter { id in
            !provider.storesConnectors || provider.connectors.contains { $0.id == id }
        }
        let able = provider.connectors.filter(\.kind.hasExchangeableTokens).map(\.id)
        unknown("connector that says for whom its tokens are", named, in: able, way, reading)
        if !client.grantTypes.contains(.tokenExchange) {
            reading.error("`exchangeConnectors` goes with the grant type `token_exchange`", "add it to `grantTypes`", of: way)
        }
        if client.isPublic {
            reading.error("a public client cannot prove who it is", "remove `exchangeConnectors`, or give it a secret", of: way)
        }
    }

    private static func grants(_ client: ClientSettings, _ provider: ProviderSettings, _ way: String, _ reading: Reading) {
        if client.grantTypes.contains(.password), provider.passwordConnector == nil {
            reading.error("nobody checks the passwords of `password`", "add `provider.passwordConnector`", of: way)
        }
        if client.grantTypes.contains(.jwtBearer), provider.assertionIssuers.isEmpty {
            reading.error("no assertion counts for `jwt_bearer`", "add `provider.assertionIssuers`", of: way)
        }
        if client.grantTypes.contains(.clientCredentials), client.isPublic {
            reading.error("a public client has no `client_credentials`", "remove it, or give the client a secret", of: way)
        }
    }

    private static func unknown(
        _ what: String, _ names: [String], in known: [String], _ way: String, _ reading: Reading
    ) {
        for name in names where !known.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            let near = nearestName(to: name, in: known).map { "did you mean `\($0)`?" } ?? "name one that is there"
            reading.error("there is no \(what) \(quoted(name))", near, of: way)
        }
    }
}

enum EmbeddedProviderChecks {
    /// Both halves of the same sign-in must fit: the provider's client has the auth service's redirect URIs.
    @Sendable static func client(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService else { return }
        for (index, entry) in service.providers.enumerated() where entry.source == .embedded {
            let way = "authService.providers[\(index)]"
            guard let provider = configuration.provider else {
                reading.error("`embedded: true`, but the file has no `provider`", "add `provider`, or name an `issuer`", of: way)
                continue
            }
            guard let number = provider.clients.firstIndex(where: { $0.id.utf8.elementsEqual(entry.clientID.utf8) }) else {
                let line =
                    "- { id: \(entry.clientID), secret: { file: client.secret }, redirectURIs: [\(service.redirectURIs(of: entry).joined(separator: ", "))] }"
                reading.error(
                    "the client `\(entry.clientID)` is not among `provider.clients`", "add there `\(line)`", of: way + ".clientID"
                )
                continue
            }
            if provider.clients[number].secret == nil, !provider.clients[number].isPublic {
                reading.error(
                    "the auth service needs the secret of its client `\(entry.clientID)` in clear", "add `secret: { file: … }`",
                    of: "provider.clients[\(number)]")
            }
            redirectURIs(service.redirectURIs(of: entry), provider.clients[number], "provider.clients[\(number)]", reading)
        }
    }

    private static func redirectURIs(_ uris: [String], _ client: ClientSettings, _ way: String, _ reading: Reading) {
        for uri in uris where !client.redirectURIs.contains(where: { $0.utf8.elementsEqual(uri.utf8) }) {
            reading.error(
                "the client `\(client.id)` lacks the redirect URI of the auth service", "add `- \(uri)` to its `redirectURIs`",
                of: way + ".redirectURIs")
        }
    }

    /// On one origin neither role may stand in the other's paths.
    @Sendable static func paths(_ configuration: Configuration, _ reading: Reading) {
        guard let service = configuration.authService, let issuer = configuration.provider?.issuer else { return }
        guard service.publicURLs.contains(where: { $0.origin == issuer.origin }) else { return }
        let (own, other) = (service.path + "/", issuer.path + "/")
        guard own.hasPrefix(other) || other.hasPrefix(own) else { return }
        reading.error(
            "the issuer's path `\(other)` and the auth service's path `\(own)` lie in each other on one origin",
            "give the issuer a path such as `/dex`", of: "provider.issuer")
    }
}
