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
