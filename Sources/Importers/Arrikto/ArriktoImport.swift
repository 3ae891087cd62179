import Manifests
import Settings

/// Arrikto's OIDC AuthService, which Kubeflow had until 1.8.
enum ArriktoImport {
    static func run(
        _ options: ForeignValue, _ place: ImportPlace, _ report: ImportReport, _ variables: (String) -> String?
    ) throws(ImportProblem) -> Import {
        let publicURL = publicURL(options, place, report)
        let dex = try EmbeddedDex(place, publicURL, report, variables)
        let provider = ArriktoProvider(options, publicURL, place, dex, variables)
        let service = entries(
            ("publicURL", .string(publicURL)), ("path", provider.paths.path), ("cookie", cookie(options, publicURL)),
            ("session", session(options)),
            ("secrets", [report.file("secrets/cookie.key", Array(ForeignText.randomKey().utf8)).asFile]),
            ("providers", [provider.entry]), ("compatibility", provider.paths.compatibility),
            ("identity", ArriktoIdentity.read(options).unlessEmpty),
            ("bearer", ArriktoBearer.read(options, provider).unlessEmpty),
            ("rules", rules(options, provider.own)))
        let configuration = entries(
            ("listen", ArriktoListen.read(options)), ("storage", ArriktoStorage.read(options)), ("authService", service),
            ("provider", provider.own), ("log", log(options) ?? dex?.log))
        for key in options.keys where key.hasPrefix(ArriktoOptions.templateContext) {
            options.leave(key, "our pages are others, see `pages.theme`")
        }
        options.leaveRest(by: ArriktoOptions.all, of: "the OIDC AuthService")
        return Import(configuration: configuration, files: report.files, remarks: report.remarks)
    }

    private static func publicURL(_ options: ForeignValue, _ place: ImportPlace, _ report: ImportReport) -> String {
        let standIn = "https://apps.example.com"
        let origins = ["REDIRECT_URL", "AUTHSERVICE_URL_PREFIX"].compactMap { options.text($0).flatMap(ForeignText.origin) }
        if let url = place.publicURL ?? origins.first { return url }
        report.say(
            .todo, "REDIRECT_URL", "say with --public-url under which origin browsers reach the gateway: \(standIn) stands there")
        return standIn
    }

    private static func cookie(_ options: ForeignValue, _ publicURL: String) -> YAMLValue {
        let sameSite = options.text("SESSION_SAME_SITE")?.lowercased()
        let isKnown =
            ["lax", "strict", "none"].contains(sameSite ?? "lax") && (sameSite != "none" || publicURL.hasPrefix("https://"))
        if !isKnown { options.take("SESSION_SAME_SITE")?.say(.lost, "there is no such value, or it needs https") }
        return entries(
            ("name", "authservice_session"), ("domain", domain(options, publicURL)),
            ("sameSite", isKnown ? sameSite.map { .string($0) } : nil))
    }

    private static func domain(_ options: ForeignValue, _ publicURL: String) -> YAMLValue? {
        guard let given = options.take("SESSION_DOMAIN"), let text = given.text, !text.isEmpty else { return nil }
        let domain = text.hasPrefix(".") ? String(text.dropFirst()) : text
        let host = publicURL.split(separator: "/").last?.split(separator: ":").first ?? ""
        if host == domain || host.hasSuffix("." + domain) { return .string(domain) }
        given.say(.lost, "the public host `\(host)` is not in this domain")
        return nil
    }

    /// A session ends there after SESSION_MAX_AGE, however much it is used.
    private static func session(_ options: ForeignValue) -> YAMLValue {
        let given = options.take("SESSION_MAX_AGE")
        let lifetime = given.flatMap { given in given.seconds.map { given.nearest($0, in: 60...(366 * 86_400)) } }
        let text = YAMLValue.string(Configuration.durationText(lifetime ?? 86_400))
        return entries(("idle", text), ("lifetime", text))
    }

    private static func rules(_ options: ForeignValue, _ own: YAMLValue?) -> YAMLValue {
        let open = ["SKIP_AUTH_URLS", "SKIP_AUTH_URI"].flatMap { options.take($0)?.items ?? [] }.compactMap { item -> String? in
            guard let text = item.text, text.hasPrefix("/") else {
                item.say(.lost, "this is no path")
                return nil
            }
            if let path = own?["issuer"]?.text.flatMap(ForeignText.path), !path.isEmpty, (text + "/").hasPrefix(path + "/") {
                item.say(.note, "the provider's own pages are open by themselves")
                return nil
            }
            guard !text.contains("*") else {
                item.say(.todo, "paths cannot say this, where `*` is a sign: write a rule; until then it is closed")
                return nil
            }
            if !text.hasSuffix("/") { item.say(.note, "open is `\(text)` and what is below it, no longer what only begins so") }
            let folder = text.hasSuffix("/") ? String(text.dropLast()) : text
            return folder + "/*"
        }
        let groups = options.texts("GROUPS_ALLOWLIST").filter { $0 != "*" }
        let everybody = groups.isEmpty || options.texts("GROUPS_ALLOWLIST").contains("*")
        let asked = ["EXTERNAL_AUTHZ_URL", "AUTHZ_CONFIG_PATH"].compactMap(options.take).filter { !$0.isEmpty }
        for option in asked {
            option.say(.todo, "who may do what is not known here: say it in `rules`, which let nobody pass until then")
        }
        let permission: YAMLValue = everybody ? "signedIn" : entries(("groups", .strings(groups)))
        return .list(
            (open.isEmpty ? [] : [entries(("paths", .strings(open)), ("allow", "anyone"))]) + [
                entries(("allow", asked.isEmpty ? permission : "nobody"))
            ])
    }

    private static func log(_ options: ForeignValue) -> YAMLValue? {
        let levels = ["FATAL": "critical", "ERROR": "error", "WARN": "warning", "INFO": "info", "DEBUG": "debug"]
        guard let given = options.take("LOG_LEVEL"), let text = given.text else { return nil }
        guard let level = levels[text.uppercased()] else {
            given.say(.lost, "there is no such level")
            return nil
        }
        return entries(("level", .string(level)))
    }
}
