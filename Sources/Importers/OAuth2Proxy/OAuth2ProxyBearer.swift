import Manifests

/// Whose tokens count in `Authorization: Bearer`.
enum OAuth2ProxyBearer {
    /// Rules cannot look into a file of addresses, and tokens must not pass that the proxy would refuse.
    static func isOn(_ options: ForeignValue) -> Bool {
        options.flag("skip_jwt_bearer_tokens") && !needsFile(options)
    }

    private static func needsFile(_ options: ForeignValue) -> Bool {
        !OAuth2ProxyAdmission.isForEverybody(options) && options.text("authenticated_emails_file") != nil
    }

    static func read(_ options: ForeignValue, _ provider: OAuth2ProxyProvider) -> YAMLValue {
        if options.flag("skip_jwt_bearer_tokens"), needsFile(options) {
            options.take("skip_jwt_bearer_tokens")?.say(
                .todo,
                "tokens are not compared with `authenticated_emails_file`: name these people in `rules`, and then add `bearer`")
        }
        guard isOn(options) else { return [] }
        let further = options.texts("oidc_extra_audiences")
        var issuers = [(provider.issuer, [provider.clientID] + further)]
        for pair in options.take("extra_jwt_issuers")?.items ?? [] {
            guard let text = pair.text, !text.isEmpty else { continue }
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                pair.say(.lost, "this is no `issuer=audience`")
                continue
            }
            guard parts[0].hasPrefix("https://") || ForeignText.isLocal(parts[0]) else {
                pair.say(.lost, "issuers are reached by https")
                continue
            }
            if let place = issuers.firstIndex(where: { $0.0 == parts[0] }) {
                issuers[place].1.append(parts[1])
            } else {
                issuers.append((parts[0], [parts[1]]))
            }
        }
        return .list(
            issuers.map { issuer, audiences in
                entries(
                    ("issuer", .string(issuer)), ("audiences", .strings(audiences)),
                    ("idTokens", issuer == provider.issuer ? true : nil))
            })
    }

    /// With a bad token there it goes on as without one, unless told otherwise.
    static func fallback(_ options: ForeignValue) -> YAMLValue? {
        guard isOn(options) else { return nil }
        guard options.take("bearer_token_login_fallback")?.flag == false else { return "signIn" }
        options.take("bearer_token_login_fallback")?.say(.note, "the answer to a bad token is 401, not 403")
        return "unauthorized"
    }
}
