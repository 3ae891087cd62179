import Manifests

/// An `OIDCConfig` as an entry of `authService.providers`.
struct IstioProvider {
    let entry: YAMLValue

    init(_ id: String, _ take: (String) -> ForeignValue?, _ secrets: [HeldFile], _ place: ImportPlace) {
        let (issuer, endpoints) = Self.place(take, place)
        let method = Self.method(take)
        entry = entries(
            ("id", .string(id)), ("issuer", .string(issuer)), ("endpoints", endpoints.unlessEmpty),
            ("clientID", .string(take("client_id")?.text ?? "authservice")),
            ("clientSecret", method == "none" ? nil : Self.secret(id, take, secrets)),
            ("tokenEndpointAuth", method.map { .string($0) }), ("scopes", Self.scopes(take)),
            ("connection", Self.connection(id, take).unlessEmpty))
    }

    private static func place(_ take: (String) -> ForeignValue?, _ place: ImportPlace) -> (String, YAMLValue) {
        let metadata = take("configuration_uri")?.text?.replacing("/.well-known/openid-configuration", with: "")
        let fetcher = take("jwks_fetcher")
        let endpoints = entries(
            ("authorization", take("authorization_uri")?.text.map { .string($0) }),
            ("token", take("token_uri")?.text.map { .string($0) }), ("jwks", fetcher?.text("jwks_uri").map { .string($0) }))
        fetcher?.leaveRest(IstioAuthServiceOptions.keys)
        if let issuer = place.issuer ?? metadata { return (issuer, endpoints) }
        let guess = take("token_uri")?.text.flatMap(Self.guess) ?? "https://sso.example.com"
        take("token_uri")?.say(.todo, "say with --issuer what `iss` is in the provider's tokens: `\(guess)` is only a guess")
        return (guess, endpoints)
    }

    /// Keycloak's endpoints lie below its issuer; with others the host is one often.
    private static func guess(_ url: String) -> String? {
        if let end = url.firstRange(of: "/protocol/openid-connect/")?.lowerBound { return String(url[..<end]) }
        return ForeignText.origin(url)
    }

    private static func method(_ take: (String) -> ForeignValue?) -> String? {
        guard let given = take("client_authentication_method"), let text = given.text, !text.isEmpty else { return nil }
        if text == "private_key_jwt" {
            given.say(.todo, "give `clientKey`: until then the secret is used")
            return nil
        }
        return text
    }

    private static func secret(_ id: String, _ take: (String) -> ForeignValue?, _ secrets: [HeldFile]) -> YAMLValue {
        let file = "client-\(id).secret"
        if let given = take("client_secret"), let text = given.text, !text.isEmpty {
            if let name = ForeignText.variable(text) { return entries(("env", .string(name))) }
            return given.report.file("secrets/\(file)", Array(text.utf8)).asFile
        }
        guard let reference = take("client_secret_ref") else { return entries(("env", "CLIENT_SECRET")) }
        let name = reference.text("name") ?? ""
        let namespace = reference.text("namespace") ?? ""
        reference.leaveRest(IstioAuthServiceOptions.reference)
        let found = secrets.filter { secret in
            secret.object == name && (namespace.isEmpty || secret.namespace.isEmpty || secret.namespace == namespace)
        }
        if found.count == 1, let text = found.first?.text {
            return reference.report.file("secrets/\(file)", Array(text.utf8)).asFile
        }
        let what = found.isEmpty ? "the Secret `\(name)` is not among the objects" : "there are several Secrets `\(name)`"
        reference.say(
            .todo, "\(what): set the variable CLIENT_SECRET to its key `client-secret`")
        return entries(("env", "CLIENT_SECRET"))
    }

    private static func scopes(_ take: (String) -> ForeignValue?) -> YAMLValue {
        let given = take("scopes")?.items.compactMap(\.text) ?? []
        return .strings((given.contains("openid") ? [] : ["openid"]) + given)
    }

    private static func connection(_ id: String, _ take: (String) -> ForeignValue?) -> YAMLValue {
        var file = take("trusted_certificate_authority_file")?.text.map { YAMLValue.string($0) }
        if let pem = take("trusted_certificate_authority"), let text = pem.text, !text.isEmpty {
            file = pem.report.file("certificates/\(id)-ca.pem", Array(text.utf8))
        }
        guard let proxy = take("proxy_uri"), let url = proxy.text, !url.isEmpty else { return entries(("caFile", file)) }
        guard let place = ProxyPlace(url) else {
            // Not the text: it may hold a password.
            proxy.say(.todo, "this is no URL of a proxy: say at `connection.proxy` which one it is, as `http://host:port`")
            return entries(("caFile", file))
        }
        if place.user != nil, place.password == nil { proxy.say(.lost, "a name without a password is not told to the proxy") }
        let password = place.password.map { proxy.report.file("secrets/proxy-\(id).password", Array($0.utf8)).asFile }
        return entries(
            ("caFile", file), ("proxy", .string(place.url)),
            ("proxyUser", password == nil ? nil : place.user.map { .string($0) }),
            ("proxyPassword", password))
    }
}

/// The URL of an HTTP proxy in its parts, so that no password stands in the configuration; nil where it has no scheme or no host.
struct ProxyPlace {
    let url: String
    let user: String?
    let password: String?

    init?(_ text: String) {
        let parts = text.split(separator: "://", maxSplits: 1)
        guard parts.count == 2, let scheme = parts.first, let rest = parts.last else { return nil }
        let authority = rest.prefix { !"/?#".contains($0) }
        let account = authority.lastIndex(of: "@").map {
            authority[..<$0].split(separator: ":", maxSplits: 1).map(ForeignText.decoded)
        }
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard !host.isEmpty else { return nil }
        (user, password) = (account?.first, account.flatMap { $0.count == 2 ? $0[1] : nil })
        url = "\(scheme)://\(host)" + rest.dropFirst(authority.count)
    }
}
