import Manifests

/// A provider without ID tokens, or whose groups have to be fetched: one that a connector of ours speaks to.
struct OAuth2ProxyConnector {
    let id: String
    let name: String
    private let type: String
    private let client: OAuth2ProxyClient
    private let config: YAMLValue

    /// nil for providers that speak OpenID Connect with the auth service itself.
    init?(_ options: ForeignValue, _ client: OAuth2ProxyClient) {
        let kind = options.text("provider") ?? "google"
        switch kind {
        case "github": (type, config) = ("github", Self.github(options))
        case "google" where !options.texts("google_groups").isEmpty || options.text("google_service_account_json") != nil:
            (type, config) = ("google", Self.google(options))
        case "azure" where ["common", "organizations", "consumers"].contains(options.text("azure_tenant") ?? "common"):
            guard options.text("oidc_issuer_url") == nil else { return nil }
            (type, config) = ("microsoft", Self.microsoft(options))
        case "bitbucket", "digitalocean", "facebook", "nextcloud", "discord":
            (type, config) = ("oauth", Self.oauth(options, kind))
        default: return nil
        }
        (id, self.client) = (kind, client)
        let names = ["github": "GitHub", "digitalocean": "DigitalOcean", "azure": "Microsoft"]
        name = options.text("provider_display_name") ?? names[kind] ?? kind.prefix(1).uppercased() + kind.dropFirst()
    }

    var hasSecret: Bool { client.secret != nil }

    func value(redirectURI: String) -> YAMLValue {
        let own = entries(
            ("clientID", .string(client.id)), ("clientSecret", client.secret ?? entries(("env", "CLIENT_SECRET"))),
            ("redirectURI", .string(redirectURI)))
        return entries(("id", .string(id)), ("type", .string(type)), ("name", .string(name)), (type, own.adding(config)))
    }

    private static func github(_ options: ForeignValue) -> YAMLValue {
        let organisations = OAuth2ProxyOrganisations(options)
        for team in organisations.strange {
            options.take("github_team")?.say(.todo, "`\(team)` is no team of the organisation: say of which one it is, in `orgs`")
        }
        let orgs = organisations.all.map { name, teams in
            entries(("name", .string(name)), ("teams", teams.isEmpty ? nil : .strings(teams)))
        }
        let login = options.take("login_url")
        let host = login?.text.flatMap(ForeignText.origin)?.split(separator: "/").last.map(String.init)
        if let login, host == nil { login.say(.todo, "this is no URL: say in `hostName` where GitHub is") }
        for key in ["redeem_url", "profile_url"] { options.leave(key, .note, "the addresses follow from `hostName`") }
        return entries(
            ("orgs", YAMLValue.list(orgs).unlessEmpty), ("loadAllGroups", orgs.isEmpty ? true : nil),
            ("teamNameField", organisations.all.allSatisfy(\.teams.isEmpty) ? nil : "slug"),
            ("hostName", host.flatMap { $0 == "github.com" ? nil : .string($0) }))
    }

    private static func google(_ options: ForeignValue) -> YAMLValue {
        let groups = options.texts("google_groups")
        return entries(
            ("serviceAccountFilePath", options.text("google_service_account_json").map { .string($0) }),
            ("adminEmail", options.text("google_admin_email").map { .string($0) }),
            ("groups", groups.isEmpty ? nil : .strings(groups)))
    }

    private static func microsoft(_ options: ForeignValue) -> YAMLValue {
        let field = OAuth2ProxyClaims.groupField(options)
        return entries(
            ("tenant", .string(options.text("azure_tenant") ?? "common")),
            ("groupNameFormat", field == "displayName" ? "name" : "id"))
    }

    /// What oauth2-proxy knows by itself: authorization, token, user.
    private static let endpoints = [
        "bitbucket": (
            "https://bitbucket.org/site/oauth2/authorize", "https://bitbucket.org/site/oauth2/access_token",
            "https://api.bitbucket.org/2.0/user"
        ),
        "digitalocean": (
            "https://cloud.digitalocean.com/v1/oauth/authorize", "https://cloud.digitalocean.com/v1/oauth/token",
            "https://api.digitalocean.com/v2/account"
        ),
        "facebook": (
            "https://www.facebook.com/v2.5/dialog/oauth", "https://graph.facebook.com/v2.5/oauth/access_token",
            "https://graph.facebook.com/v2.5/me"
        ),
        "discord": (
            "https://discord.com/oauth2/authorize", "https://discord.com/api/v10/oauth2/token",
            "https://discord.com/api/v10/users/@me"
        ),
    ]

    private static func oauth(_ options: ForeignValue, _ kind: String) -> YAMLValue {
        let known = endpoints[kind]
        let scopes = options.text("scope")?.split(whereSeparator: \.isWhitespace).map(String.init) ?? []
        options.report.say(
            .todo, "provider", "see in `oauth.claimMapping` and `userIDKey` what \(kind) calls the user's id, name and address")
        let urls = [("login_url", known?.0), ("redeem_url", known?.1), ("profile_url", known?.2)].map { key, usual in
            YAMLValue.string(options.text(key) ?? usual ?? "https://\(kind).example.com/")
        }
        return entries(
            ("authorizationURL", urls[0]), ("tokenURL", urls[1]), ("userInfoURL", urls[2]),
            ("scopes", scopes.isEmpty ? nil : .strings(scopes)))
    }
}
