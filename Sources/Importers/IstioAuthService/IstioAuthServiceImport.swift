import Manifests
import Settings

/// The authservice of the Istio ecosystem: a chain of filters becomes a provider, and rules that lead to it.
enum IstioAuthServiceImport {
    static func run(
        _ root: IstioAuthServiceReader.Root, _ place: ImportPlace, _ report: ImportReport
    ) throws(ImportProblem) -> Import {
        let config = root.config
        if place.dex != nil { report.say(.note, "dex", "import Dex's file by itself: its clients stay as they are") }
        let usual = config.take("default_oidc_config")
        let chains = (config.take("chains")?.items ?? []).map { IstioChain($0, usual, root.secrets, place) }
        guard !chains.isEmpty else { throw ImportProblem(text: "`chains` is empty: nobody could sign in") }
        let gateway = IstioGateway(chains.flatMap(\.filters), place, report)
        let filters = chains.flatMap(\.filters)
        let service = entries(
            ("publicURLs", .strings(gateway.publicURLs)), ("path", gateway.path.map { .string($0) }),
            ("cookie", IstioCookie.read(filters, gateway, report).unlessEmpty),
            ("session", IstioCookie.session(filters, report).unlessEmpty),
            ("secrets", [report.file("secrets/cookie.key", Array(ForeignText.randomKey().utf8)).asFile]),
            ("providers", .list(chains.flatMap(\.entries))), ("identity", IstioIdentity.read(filters).unlessEmpty),
            ("rules", .list(IstioRules.read(config, chains))))
        let configuration = entries(
            ("listen", listen(config)), ("storage", IstioStorage.read(filters, report)), ("authService", service),
            ("log", log(config)))
        for filter in filters { filter.leaveRest() }
        usual?.leaveRest(IstioAuthServiceOptions.oidc)
        config.leaveRest(IstioAuthServiceOptions.config)
        return Import(configuration: configuration, files: report.files, remarks: report.remarks)
    }

    private static func listen(_ config: ForeignValue) -> YAMLValue {
        let address = config.text("listen_address") ?? "0.0.0.0"
        let shown = address.contains(":") ? "[\(address)]" : address
        let health = config.text("health_listen_address").flatMap { $0.isEmpty ? nil : $0 } ?? address
        config.take("listen_port")?.say(
            .note, "the gateway asks there, as before; our pages are at port 9000: lead our own path there")
        return entries(
            ("web", .string("\(shown):9000")), ("checkHTTP", .string("\(shown):9001")),
            ("checkGRPC", .string("\(shown):\(config.text("listen_port") ?? "10003")")),
            ("admin", .string("\(health.contains(":") ? "[\(health)]" : health):\(config.text("health_listen_port") ?? "10004")"))
        )
    }

    private static func log(_ config: ForeignValue) -> YAMLValue? {
        config.text("log_level").map { entries(("level", .string($0 == "warn" ? "warning" : $0))) }
    }
}

/// Where browsers reach the gateway: what the callbacks say.
struct IstioGateway {
    let publicURLs: [String]
    let path: String?

    init(_ filters: [IstioFilter], _ place: ImportPlace, _ report: ImportReport) {
        let callbacks = filters.compactMap { filter in filter.take("callback_uri") }
        var origins = place.publicURL.map { [$0] } ?? []
        for origin in callbacks.compactMap({ $0.text.flatMap(ForeignText.origin) })
        where place.publicURL == nil && !origins.contains(origin) {
            origins.append(origin)
        }
        if origins.isEmpty {
            report.say(.todo, "callback_uri", "say with --public-url under which origin browsers reach the gateway")
            origins = ["https://apps.example.com"]
        }
        publicURLs = origins
        let path = Self.path(callbacks)
        self.path = path
        for callback in callbacks where callback.text.flatMap(ForeignText.path) != (path ?? "/_gatehouse") + "/callback" {
            callback.say(.todo, "register `\(origins[0])\(path ?? "/_gatehouse")/callback` with the provider: replies come there")
        }
    }

    /// The folder in which the first callback is called `callback`.
    private static func path(_ callbacks: [ForeignValue]) -> String? {
        guard let path = callbacks.first?.text.flatMap(ForeignText.path), path.hasPrefix("/"), path.hasSuffix("/callback") else {
            return nil
        }
        let folder = String(path.dropLast("/callback".count))
        return folder.isEmpty ? nil : folder
    }
}
