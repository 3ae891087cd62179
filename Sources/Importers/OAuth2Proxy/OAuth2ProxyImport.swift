import Manifests
import Settings

/// What is known beside the files.
package struct ImportPlace: Sendable {
    /// The origin under which browsers reach the gateway.
    package var publicURL: String?
    /// The provider's issuer, in place of the files'.
    package var issuer: String?
    /// The configuration of the Dex that is the provider; it becomes ours in the same file.
    package var dex: ForeignFile?

    package init(publicURL: String? = nil, issuer: String? = nil, dex: ForeignFile? = nil) {
        (self.publicURL, self.issuer, self.dex) = (publicURL, issuer, dex)
    }
}

/// Carries a configuration of oauth2-proxy over to the auth service: what signed people in there signs them in here, and
/// applications are told the same.
package enum OAuth2ProxyImport {
    /// `files` are read together. `variables` is asked where a value has to stand in ours.
    package static func run(
        _ files: [ForeignFile], format: OAuth2ProxyFormat? = nil, place: ImportPlace = ImportPlace(),
        variables: (String) -> String? = { _ in nil }
    ) throws(ImportProblem) -> Import {
        let report = ImportReport()
        let reader = try OAuth2ProxyReader(files, format: format, report)
        let options = reader.options()
        guard options.keys.contains(where: { OAuth2ProxyOptions.byName[$0] != nil }) || reader.alpha != nil else {
            throw ImportProblem(text: "there is no option of oauth2-proxy in it")
        }
        let gateway = OAuth2ProxyGateway(options, place, report)
        let embedded = try EmbeddedDex(place, gateway.publicURL, report, variables)
        let provider = OAuth2ProxyProvider(options, gateway, place, embedded, variables)
        let configuration = entries(
            ("listen", OAuth2ProxyListen.read(options)?.unlessEmpty),
            ("storage", OAuth2ProxyStorage.read(options) ?? embedded?.storage),
            ("authService", service(options, reader.alpha, gateway, provider)),
            ("provider", provider.own), ("log", embedded?.log))
        options.leaveRest(by: OAuth2ProxyOptions.all, of: "oauth2-proxy")
        reader.alpha?.leaveRest()
        return Import(configuration: configuration, files: report.files, remarks: report.remarks)
    }

    private static func service(
        _ options: ForeignValue, _ alpha: AlphaConfiguration?, _ gateway: OAuth2ProxyGateway, _ provider: OAuth2ProxyProvider
    ) -> YAMLValue {
        entries(
            ("publicURL", .string(gateway.publicURL)), ("publicHosts", gateway.hosts.isEmpty ? nil : .strings(gateway.hosts)),
            ("path", gateway.path), ("cookie", OAuth2ProxyCookie.read(options, gateway).unlessEmpty),
            ("session", OAuth2ProxyCookie.session(options).unlessEmpty), ("secrets", OAuth2ProxyCookie.secrets(options)),
            ("providers", .list([provider.entry])), ("compatibility", gateway.compatibility),
            ("identity", OAuth2ProxyHeaders.read(options, alpha).unlessEmpty),
            ("bearer", OAuth2ProxyBearer.read(options, provider).unlessEmpty),
            ("onInvalidBearer", OAuth2ProxyBearer.fallback(options)),
            ("rules", OAuth2ProxyRules.read(options, provider).unlessEmpty))
    }
}

/// Where browsers reach the gateway, and where the program's own paths are.
struct OAuth2ProxyGateway {
    let publicURL: String
    let hosts: [String]
    let path: YAMLValue?
    let compatibility: YAMLValue?

    var host: String { String(publicURL.split(separator: "/").last?.split(separator: ":").first ?? "") }
    var isSecure: Bool { publicURL.hasPrefix("https://") }

    init(_ options: ForeignValue, _ place: ImportPlace, _ report: ImportReport) {
        let redirect = options.take("redirect_url")
        let isRelative = options.flag("relative_redirect_url")
        let origin = redirect?.text.flatMap(ForeignText.origin)
        if place.publicURL == nil, origin == nil {
            let text = "say with --public-url under which origin browsers reach the gateway: \(Self.standIn) stands there"
            (redirect.map { $0.say(.todo, text) }) ?? report.say(.todo, "redirect_url", text)
        }
        publicURL = place.publicURL ?? origin ?? Self.standIn
        let prefix = "/" + (options.text("proxy_prefix") ?? "oauth2").split(separator: "/").joined(separator: "/")
        (path, compatibility) = prefix == "/oauth2" ? (nil, .strings(["oauth2-proxy"])) : (.string(prefix), nil)
        if let path = redirect?.text.flatMap(ForeignText.path), path != "\(prefix)/callback", path != "", path != "/" {
            redirect?.say(.todo, "register `\(publicURL)\(prefix)/callback` with the provider: replies come there")
        }
        hosts = Self.hosts(options, isRelative)
    }

    private static let standIn = "https://apps.example.com"

    /// Where one may be sent after a sign-in is where one can sign in.
    private static func hosts(_ options: ForeignValue, _ isRelative: Bool) -> [String] {
        (options.take("whitelist_domains")?.items ?? []).compactMap { item in
            guard var host = item.text, !host.isEmpty else { return nil }
            if let colon = host.lastIndex(of: ":") {
                item.say(.note, "the port is that of the public URL")
                host = String(host[..<colon])
            }
            if host.hasPrefix(".") { host = "*" + host }
            guard host != "*", !host.dropFirst(2).contains("*") else {
                item.say(.lost, "name hosts: a sign-in never leads just anywhere")
                return nil
            }
            if !isRelative {
                item.say(.note, "people can sign in there, too, where the provider knows the redirect URI of that host")
            }
            return host
        }
    }
}

extension ForeignText {
    /// `scheme://host[:port]` of an absolute URL.
    static func origin(_ url: String) -> String? {
        for scheme in ["https://", "http://"] where url.hasPrefix(scheme) {
            let authority = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
            return authority.isEmpty ? nil : scheme + authority
        }
        return nil
    }

    /// The path of a URL, or of what is only one.
    static func path(_ url: String) -> String? {
        let rest = origin(url).map { url.dropFirst($0.count) } ?? url[...]
        return String(rest.prefix { !"?#".contains($0) })
    }
}
