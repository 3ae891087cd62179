import Manifests

/// Carries a Dex configuration over to the provider of ours: names, ids and subjects stay what they are.
///
/// Dex's file is `config.yaml`, or a ConfigMap or Secret with it.
package enum DexImport {
    /// `issuer` takes the place of the file's. `variables` is asked where the file names one whose value has to stand in ours.
    package static func run(
        _ bytes: [UInt8], issuer: String? = nil, variables: (String) -> String? = { _ in nil }
    ) throws(ImportProblem) -> Import {
        let report = ImportReport()
        let dex = try ForeignDocument.mapping(bytes, key: "config.yaml", report)
        guard let given = dex.take("issuer"), let text = given.text else {
            throw ImportProblem(text: "there is no `issuer`: not a configuration of Dex")
        }
        if issuer == nil, isClear(text) {
            given.say(.todo, "browsers have to reach the issuer by https: give the address under which they do with --issuer")
        }
        let issuer = issuer ?? text
        let configuration = entries(
            ("listen", DexListen.read(dex)), ("storage", DexStorage.read(dex)), ("provider", provider(dex, issuer, variables)),
            ("log", log(dex)))
        DexFrontend.read(dex)
        dex.leaveRest()
        return Import(configuration: configuration, files: report.files, remarks: report.remarks)
    }

    /// The issuer that a file has.
    static func issuer(_ bytes: [UInt8]) throws(ImportProblem) -> String {
        let dex = try ForeignDocument.mapping(bytes, key: "config.yaml", ImportReport())
        guard let issuer = dex.text("issuer") else {
            throw ImportProblem(text: "there is no `issuer`: not a configuration of Dex")
        }
        return issuer
    }

    private static func provider(_ dex: ForeignValue, _ issuer: String, _ variables: (String) -> String?) -> YAMLValue {
        let oauth2 = DexOAuth2(dex)
        return entries(
            ("issuer", .string(issuer)),
            ("clients", DexClients.read(dex, issuer, oauth2, variables).unlessEmpty),
            ("users", DexUsers.read(dex, variables).unlessEmpty),
            ("connectors", DexConnectors.read(dex).unlessEmpty),
            ("tokens", DexExpiry.tokens(dex).unlessEmpty), ("keys", DexExpiry.keys(dex).unlessEmpty),
            ("passwordConnector", oauth2.passwordConnector.map { .string($0) }))
    }

    /// What `config check` refuses: http to anything but this machine.
    private static func isClear(_ issuer: String) -> Bool {
        let local = ["http://localhost", "http://127.", "http://[::1]"]
        return issuer.hasPrefix("http://") && !local.contains { issuer.hasPrefix($0) }
    }

    private static func log(_ dex: ForeignValue) -> YAMLValue? {
        guard let logger = dex.take("logger") else { return nil }
        let levels = ["debug": "debug", "info": "info", "warn": "warning", "warning": "warning", "error": "error"]
        let level = logger.text("level").flatMap { levels[$0.lowercased()] }
        let format = logger.text("format").map { $0.lowercased() == "json" ? "json" : "text" }
        logger.leaveRest()
        return entries(("level", level.map { .string($0) }), ("format", format.map { .string($0) })).unlessEmpty
    }
}

/// `oauth2`: what holds for all clients there is said at each client here.
struct DexOAuth2 {
    let skipsConsent: Bool
    let grantTypes: [String]?
    let passwordConnector: String?

    init(_ dex: ForeignValue) {
        guard let oauth2 = dex.take("oauth2") else {
            (skipsConsent, grantTypes, passwordConnector) = (false, nil, nil)
            return
        }
        skipsConsent = oauth2.flag("skipApprovalScreen")
        passwordConnector = oauth2.text("passwordConnector")
        grantTypes = Self.grantTypes(oauth2, hasPasswords: passwordConnector != nil)
        for type in oauth2.take("responseTypes")?.items ?? [] where type.text != "code" {
            type.say(.lost, "tokens are not sent through the browser here (RFC 9700): clients have to ask for `code`")
        }
        oauth2.leave("alwaysShowLoginScreen", .note, "the page to choose comes where there is more than one way to sign in")
        oauth2.leaveRest()
    }

    private static let names = [
        "authorization_code": "authorization_code", "refresh_token": "refresh_token", "password": "password",
        "client_credentials": "client_credentials", "urn:ietf:params:oauth:grant-type:device_code": "device_code",
        "urn:ietf:params:oauth:grant-type:token-exchange": "token_exchange",
    ]

    /// The list of every client; nil where ours is what Dex has without one.
    private static func grantTypes(_ oauth2: ForeignValue, hasPasswords: Bool) -> [String]? {
        guard let given = oauth2.take("grantTypes") else {
            return hasPasswords ? ["authorization_code", "refresh_token", "device_code", "password"] : nil
        }
        return given.items.compactMap { type in
            let name = type.text.flatMap { names[$0] }
            if name == nil { type.say(.lost, "there is no such grant here") }
            return name
        }
    }
}
