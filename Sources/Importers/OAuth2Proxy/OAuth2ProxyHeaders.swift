import Manifests

/// What applications are told. What the proxy gives its own upstreams and what it answers a gateway are one here: the gateway passes on
/// what the check answers.
enum OAuth2ProxyHeaders {
    static func read(_ options: ForeignValue, _ alpha: AlphaConfiguration?) -> YAMLValue {
        if let alpha, alpha.root.take("injectRequestHeaders") != nil || alpha.root.take("injectResponseHeaders") != nil {
            return AlphaHeaders.read(alpha.root)
        }
        let passes = hasUpstreams(options, alpha)
        let answers = options.flag("set_xauthrequest")
        let isOfUpstreams = passes && options.take("pass_user_headers")?.flag != false
        if !passes { leaveForUpstreams(options) }
        let presets = (answers ? ["x-auth-request"] : []) + (isOfUpstreams ? ["x-forwarded"] : [])
        let prefersEmail = options.flag("prefer_email_to_user")
        let authorization = authorization(options, passes)
        return entries(
            ("presets", presets.isEmpty ? nil : .strings(presets)),
            ("headers", prefersEmail && isOfUpstreams ? entries(("x-forwarded-user", "email")) : nil),
            ("authorization", authorization.map { .string($0) }),
            ("basic", authorization == "basic" ? basic(options, prefersEmail) : nil),
            ("accessTokenHeader", accessToken(options, answers, passes)))
    }

    /// Whether requests go through the proxy to applications; else it only answers `static://`.
    private static func hasUpstreams(_ options: ForeignValue, _ alpha: AlphaConfiguration?) -> Bool {
        var isServed = false
        for upstream in options.take("upstreams")?.items ?? [] {
            guard let url = upstream.text else { continue }
            if url.hasPrefix("static://") {
                upstream.say(.note, "the gateway asks about each request and carries it to the application itself")
            } else {
                isServed = true
                upstream.say(.todo, "the gateway has to lead requests there: see `gatehouse manifests`")
            }
        }
        return isServed
    }

    private static func leaveForUpstreams(_ options: ForeignValue) {
        for key in ["pass_user_headers", "pass_basic_auth", "prefer_email_to_user", "pass_authorization_header"] {
            options.leave(
                key, .note,
                "there it is for upstreams of the proxy's own, which has none: see `identity` for what applications get")
        }
    }

    private static func authorization(_ options: ForeignValue, _ passes: Bool) -> String? {
        if options.flag("set_authorization_header") || (options.flag("pass_authorization_header") && passes) { return "idToken" }
        guard options.text("basic_auth_password") != nil else { return nil }
        let isPassed = options.take("pass_basic_auth")?.flag != false && passes
        return options.flag("set_basic_auth") || isPassed ? "basic" : nil
    }

    private static func basic(_ options: ForeignValue, _ prefersEmail: Bool) -> YAMLValue {
        entries(
            ("user", prefersEmail ? "email" : "sub"), ("password", options.secret("basic_auth_password", file: "basic.password")))
    }

    private static func accessToken(_ options: ForeignValue, _ answers: Bool, _ passes: Bool) -> YAMLValue? {
        guard options.flag("pass_access_token") else { return nil }
        return answers ? "x-auth-request-access-token" : "x-forwarded-access-token"
    }
}

/// `injectRequestHeaders` and `injectResponseHeaders` of the alpha configuration.
enum AlphaHeaders {
    static func read(_ root: ForeignValue) -> YAMLValue {
        var told = Told()
        for key in ["injectResponseHeaders", "injectRequestHeaders"] {
            for header in root.take(key)?.items ?? [] { read(header, &told) }
        }
        return entries(
            ("headers", YAMLValue.map(told.headers).unlessEmpty), ("authorization", told.authorization), ("basic", told.basic),
            ("accessTokenHeader", told.accessTokenHeader))
    }

    private struct Told {
        var headers: [YAMLEntry] = []
        var authorization: YAMLValue?
        var basic: YAMLValue?
        var accessTokenHeader: YAMLValue?
    }

    private static func read(_ header: ForeignValue, _ told: inout Told) {
        let name = (header.text("name") ?? "").lowercased()
        header.leave("preserveRequestValue", "a client's own value never goes on")
        header.leave("InsecureSkipHeaderNormalization", "names of headers have no letter case here")
        let values = header.take("values")?.items ?? []
        for further in values.dropFirst() { further.say(.lost, "a header has one value") }
        header.leaveRest("oauth2-proxy documents no such option")
        guard let value = values.first else { return }
        // Before 7.14 what is in these stood beside them.
        let source = value.take("claimSource") ?? value
        (value.take("secretSource") ?? value).leaveSecret()
        guard let claim = source.text("claim") else { return value.leaveRest("oauth2-proxy documents no such option") }
        let prefix = source.text("prefix") ?? ""
        if let password = source.take("basicAuthPassword") {
            setBasic(claim, password, name, &told)
        } else {
            set(claim, prefix, name, source, &told)
        }
        source.leaveRest("oauth2-proxy documents no such option")
        value.leaveRest("oauth2-proxy documents no such option")
    }

    private static func set(_ claim: String, _ prefix: String, _ name: String, _ source: ForeignValue, _ told: inout Told) {
        switch (claim, name) {
        case ("id_token", "authorization"): told.authorization = told.authorization ?? "idToken"
        case ("access_token", "authorization"): told.authorization = told.authorization ?? "accessToken"
        case ("access_token", _): told.accessTokenHeader = told.accessTokenHeader ?? .string(name)
        case ("id_token", _), ("refresh_token", _), ("created_at", _), ("expires_on", _), (_, "authorization"):
            source.say(.lost, "`\(claim)` is not told in `\(name)`: see `identity.authorization` and `identity.assertion`")
        default:
            guard !told.headers.contains(where: { $0.key == name }) else { return }
            let own = claim == "user" ? "sub" : claim
            told.headers.append(YAMLEntry(name, .string(prefix.isEmpty ? own : escaped(prefix) + "{\(own)}")))
        }
    }

    private static func escaped(_ text: String) -> String { text.replacing("{", with: "{{").replacing("}", with: "}}") }

    private static func setBasic(_ claim: String, _ password: ForeignValue, _ name: String, _ told: inout Told) {
        guard name == "authorization" else {
            password.say(.lost, "name and password are told in `authorization` only")
            return
        }
        told.authorization = "basic"
        told.basic = entries(
            ("user", .string(claim == "user" ? "sub" : claim)), ("password", password.secretSource("basic.password")))
    }
}

extension ForeignValue {
    /// A secret in one of three places: base64 as it stands, a variable, a file.
    fileprivate func secretSource(_ file: String) -> YAMLValue? {
        defer { leaveRest("oauth2-proxy documents no such option") }
        if let variable = text("fromEnv") { return entries(("env", .string(variable))) }
        if let path = text("fromFile") { return YAMLValue.string(path).asFile }
        guard let value = take("value"), let text = value.text else { return nil }
        if let variable = ForeignText.variable(text) { return entries(("env", .string(variable))) }
        return report.file("secrets/\(file)", Base64Text.decode(text) ?? Array(text.utf8)).asFile
    }

    fileprivate func leaveSecret() {
        for key in ["value", "fromEnv", "fromFile"] { leave(key, "texts that are always the same are for the gateway to add") }
    }
}
