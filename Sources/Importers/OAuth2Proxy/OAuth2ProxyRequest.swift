import Manifests

/// What the authorization request asks.
enum OAuth2ProxyRequest {
    static func read(_ options: ForeignValue) -> YAMLValue {
        let parameters = parameters(options)
        let values = options.text("acr_values")?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        if !values.isEmpty { options.take("acr_values")?.say(.note, "one of these has to be the `acr` of the answer, too") }
        return entries(
            ("responseMode", responseMode(options)), ("prompt", prompt(options) ?? parameters.prompt),
            ("acrValues", values.isEmpty ? nil : .strings(values)),
            ("resources", options.text("resource").map { .strings([$0]) }),
            ("parameters", YAMLValue.map(parameters.others).unlessEmpty))
    }

    private static func responseMode(_ options: ForeignValue) -> YAMLValue? {
        guard let value = options.take("auth_request_response_mode"), let text = value.text, !text.isEmpty else { return nil }
        if ["query", "form_post"].contains(text) { return .string(text) }
        value.say(.lost, "replies come in the query or as a form")
        return nil
    }

    private static let prompts = ["login", "consent", "select_account"]

    private static func prompt(_ options: ForeignValue) -> YAMLValue? {
        guard let value = options.take("prompt"), let text = value.text, !text.isEmpty else { return nil }
        if prompts.contains(text) { return .string(text) }
        value.say(.note, "nothing is asked beyond what the provider asks by itself")
        return nil
    }

    /// `loginURLParameters` of the alpha configuration: what is always sent.
    private static func parameters(_ options: ForeignValue) -> (prompt: YAMLValue?, others: [YAMLEntry]) {
        var (prompt, others) = (YAMLValue?.none, [YAMLEntry]())
        for parameter in options.take("login_url_parameters")?.items ?? [] {
            guard let name = parameter.text("name") else {
                parameter.say(.lost, "the parameter has no name")
                continue
            }
            parameter.leave("allow", "browsers cannot give parameters of the authorization request")
            let values = parameter.take("default")?.items ?? []
            for further in values.dropFirst() { further.say(.lost, "a parameter is sent once") }
            parameter.leaveRest("oauth2-proxy documents no such option")
            guard let value = values.first?.text else { continue }
            if name == "prompt", prompts.contains(value) {
                prompt = .string(value)
            } else if ["prompt", "approval_prompt"].contains(name) {
                parameter.say(.note, "nothing is asked beyond what the provider asks by itself")
            } else {
                others.append(YAMLEntry(name, .string(value)))
            }
        }
        return (prompt, others)
    }
}

/// What the provider calls the things that we know.
enum OAuth2ProxyClaims {
    static func read(_ options: ForeignValue, _ kind: String = "oidc") -> YAMLValue {
        let overage =
            ["azure", "entra-id", "ms-entra-id"].contains(kind)
            ? entries(("name", .string(groupField(options)))) : nil
        return entries(
            ("user", claim(options, "user_id_claim", "sub")), ("email", claim(options, "oidc_email_claim", "email")),
            ("emailVerified", options.flag("insecure_oidc_allow_unverified_email") ? "assumed" : nil),
            ("groups", claim(options, "oidc_groups_claim", "groups")), ("groupOverage", overage))
    }

    /// What Microsoft's directory calls a group.
    static func groupField(_ options: ForeignValue) -> String {
        options.word("azure_graph_group_field", of: ["id", "displayName"]) ?? "id"
    }

    private static func claim(_ options: ForeignValue, _ key: String, _ usual: String) -> YAMLValue? {
        options.text(key).flatMap { $0.isEmpty || $0 == usual ? nil : .string($0) }
    }
}

/// Who is taken, by e-mail address. Groups are a matter of rules here: both are asked for there, too.
enum OAuth2ProxyAdmission {
    static func read(_ options: ForeignValue) -> YAMLValue? {
        if isForEverybody(options) {
            options.leave("authenticated_emails_file", .note, "`email_domains` takes everybody")
            return nil
        }
        for domain in options.take("email_domains")?.items ?? [] where !isDomain(domain.text ?? "") {
            domain.say(.lost, "domains are taken by themselves: name each below it")
        }
        let taken = domains(options)
        let file = options.text("authenticated_emails_file")
        if namesNobody(options) {
            options.report.say(
                .todo, "email_domains", "nobody is named who may sign in: `rules` let nobody pass until you say who")
        }
        return entries(("emailDomains", taken.isEmpty ? nil : .strings(taken)), ("emailsFile", file.map { .string($0) }))
            .unlessEmpty
    }

    static func isForEverybody(_ options: ForeignValue) -> Bool { options.texts("email_domains").contains("*") }

    /// Nothing said opens nothing, nor does what only some may pass by and is not asked for here.
    static func isForNobody(_ options: ForeignValue) -> Bool {
        namesNobody(options) || !OAuth2ProxyRestriction.unknown(options).isEmpty
    }

    private static func namesNobody(_ options: ForeignValue) -> Bool {
        !isForEverybody(options) && domains(options).isEmpty && options.text("authenticated_emails_file") == nil
    }

    /// Those that are taken by themselves.
    static func domains(_ options: ForeignValue) -> [String] { options.texts("email_domains").filter(isDomain) }

    private static func isDomain(_ text: String) -> Bool { !text.isEmpty && !text.hasPrefix(".") && !text.contains("*") }
}
