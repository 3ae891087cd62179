import Settings
import Web

extension Configuration {
    /// Everybody whom we connect to over HTTP, each place once a subject. Directories and storages have checks of their own.
    var correspondents: [Correspondent] {
        var all: [Correspondent] = []
        if let service = authService {
            all += service.providers.flatMap(\.correspondents) + service.bearer.flatMap(\.correspondents)
            all += [service.kubernetes?.correspondent].compactMap { $0 }
        }
        if let provider { all += provider.connectors.flatMap(\.correspondents) + provider.furtherCorrespondents }
        var seen: Set<Correspondent> = []
        return all.filter { seen.insert($0).inserted }
    }

    /// Names that have to be known: of those, of directories, and our own.
    var namedHosts: [NamedHost] {
        let theirs = correspondents.filter { !$0.isProxied }.map { NamedHost($0.host, $0.subject, isNeeded: $0.isNeeded) }
        let directories = (provider?.connectors ?? []).flatMap { connector -> [NamedHost] in
            guard case .ldap(let settings) = connector.kind else { return [] }
            return settings.hosts.map { NamedHost(Self.host(of: $0), "connector \(connector.id)", isNeeded: true) }
        }
        // A machine inside need not know under which name those outside reach it.
        let ours =
            (authService?.publicURLs ?? []).map { NamedHost($0.host, "public URL", isNeeded: false) }
            + (provider.map { [NamedHost($0.issuer.host, "own issuer", isNeeded: false)] } ?? [])
        return NamedHost.merged(theirs + directories + storage.namedHosts + ours)
    }

    /// Of `host:port` or `[address]:port`.
    private static func host(of place: String) -> String {
        let host = place.last == "]" ? place[...] : place[..<(place.lastIndex(of: ":") ?? place.endIndex)]
        return String(host.drop { $0 == "[" }.prefix { $0 != "]" })
    }
}

extension StorageSettings {
    /// Of a Postgres URL, libpq makes what it will.
    fileprivate var namedHosts: [NamedHost] {
        switch self {
        case .sqlite, .postgres, .memory: return []
        case .redis(let settings):
            let hosts: [String] =
                switch settings.place {
                case .server(let host, _): [host]
                case .socket: []
                case .sentinels(let nodes, _), .cluster(let nodes): nodes.map(\.host)
                }
            return hosts.map { NamedHost($0, "storage", isNeeded: true) }
        }
    }
}

/// A host, and for what it is there.
struct NamedHost: Sendable, Equatable {
    var host: String
    var subject: String
    var isNeeded: Bool

    init(_ host: String, _ subject: String, isNeeded: Bool) {
        self.host = host
        self.subject = subject
        self.isNeeded = isNeeded
    }

    /// Each host once, with the first subject that needs it.
    static func merged(_ hosts: [NamedHost]) -> [NamedHost] {
        var merged: [NamedHost] = []
        for host in hosts {
            guard let index = merged.firstIndex(where: { $0.host == host.host }) else {
                merged.append(host)
                continue
            }
            if host.isNeeded, !merged[index].isNeeded { merged[index] = host }
        }
        return merged
    }
}

extension IdentityProviderSettings {
    fileprivate var correspondents: [Correspondent] {
        guard case .issuer(let issuer) = source else { return [] }
        let trust = Correspondent.Trust(
            authorities: connection.authorities,
            certificate: Correspondent.ClientCertificate(connection.certificate, connection.certificateKey))
        let urls = [addresses.internalURL ?? issuer, addresses.token, addresses.jwks, addresses.userinfo].compactMap { $0 }
        return urls.map { Correspondent("provider \(id)", $0, trust: trust, isProxied: connection.proxy != nil) }
            + (connection.proxy.map { [Correspondent("proxy of provider \(id)", $0)] } ?? [])
    }
}

extension BearerSettings {
    fileprivate var correspondents: [Correspondent] {
        let trust = Correspondent.Trust(
            authorities: authorities, certificate: Correspondent.ClientCertificate(certificate, certificateKey))
        var urls = jwksFile == nil ? [jwks ?? issuer] : []
        switch inquiry {
        case .introspection(let settings): urls += [settings.endpoint].compactMap { $0 }
        case .tokenReview(let url): urls = [url]
        case .userinfo, nil: break
        }
        return urls.map { Correspondent("bearer issuer \(issuer.text)", $0, trust: trust) }
    }
}

extension KubernetesSettings {
    fileprivate var correspondent: Correspondent {
        Correspondent("Kubernetes API server", server, trust: Correspondent.Trust(authorities: authorities))
    }
}

extension ConnectorSettings {
    fileprivate var correspondents: [Correspondent] {
        guard let client = kind.client else { return [] }
        let trust = Correspondent.Trust(authorities: client.authorities, verifies: !client.insecureSkipVerify)
        let proxied = client.proxy != nil
        return urls.map { Correspondent("connector \(id)", $0, trust: trust, isProxied: proxied) }
            + publicPlaces.map {
                Correspondent("connector \(id)", host: $0.host, port: $0.port, trust: trust, isProxied: proxied)
            }
            + (client.proxy.map { [Correspondent("proxy of connector \(id)", $0)] } ?? [])
    }

    private var urls: [ConfiguredURL] {
        switch kind {
        case .oidc(let settings): [settings.issuer] + kind.endpoints
        case .microsoft(let settings): [settings.apiURL, settings.graphURL]
        case .ldap, .oauth, .github, .gitlab, .google, .authproxy: kind.endpoints
        }
    }

    /// Where the file has no URL.
    private var publicPlaces: [(host: String, port: Int)] {
        switch kind {
        case .github(let settings): [Self.place("https://" + (settings.hostName ?? "github.com"))].compactMap { $0 }
        case .gitlab(let settings): [Self.place(settings.baseURL)].compactMap { $0 }
        case .google: [("accounts.google.com", 443)]
        case .ldap, .oidc, .oauth, .microsoft, .authproxy: []
        }
    }

    private static func place(_ url: String) -> (host: String, port: Int)? {
        Origin(url).map { ($0.bareHost, $0.effectivePort) }
    }
}

extension ProviderSettings {
    /// Whose keys we fetch, and whom we tell of sign-outs: the sign-in of everybody else goes on without them.
    fileprivate var furtherCorrespondents: [Correspondent] {
        let issuers = assertionIssuers.compactMap { issuer in
            Self.url(of: issuer.keys).map { Correspondent("assertion issuer \(issuer.id)", $0, isNeeded: false) }
        }
        let keys = clients.compactMap { client in
            client.keys.flatMap(Self.url).map { Correspondent("client \(client.id)", $0, isNeeded: false) }
        }
        let told = clients.compactMap { client -> Correspondent? in
            guard let origin = client.backChannelLogoutURI.flatMap({ Origin($0) }) else { return nil }
            return Correspondent(
                "client \(client.id)", host: origin.bareHost, port: origin.effectivePort,
                trust: origin.scheme == .https ? Correspondent.Trust() : nil, isNeeded: false)
        }
        return issuers + keys + told
    }

    private static func url(of source: KeySetSource) -> ConfiguredURL? {
        switch source {
        case .uri(let url): url
        case .set: nil
        }
    }
}
