import Manifests
import Yams

/// The provider at which the OIDC AuthService signs people in, and the paths where it does.
struct ArriktoProvider {
    let entry: YAMLValue
    let own: YAMLValue?
    let issuer: String
    let clientID: String
    let paths: (path: YAMLValue?, compatibility: YAMLValue?)

    init(
        _ options: ForeignValue, _ publicURL: String, _ place: ImportPlace, _ dex: EmbeddedDex?, _ variables: (String) -> String?
    ) {
        let paths = Self.paths(options, publicURL)
        self.paths = (paths.path, paths.compatibility)
        clientID = Self.clientID(options, variables)
        let scopes = options.texts("OIDC_SCOPES")
        if dex == nil {
            options.report.say(
                .note, "USERID_CLAIM", "addresses count without `email_verified`, as there: see `claims.emailVerified`")
        }
        let claims = entries(
            ("groups", options.text("GROUPS_CLAIM").flatMap { $0 == "groups" ? nil : .string($0) }),
            ("emailVerified", dex == nil ? "assumed" : nil), ("transform", Self.transforms(options)))
        let given = options.text("OIDC_PROVIDER") ?? ""
        issuer = place.issuer ?? dex?.issuer ?? given
        let common: [(String, YAMLValue?)] = [
            ("clientID", .string(clientID)),
            ("scopes", scopes.isEmpty ? ["openid", "email"] : .strings((scopes.contains("openid") ? [] : ["openid"]) + scopes)),
            ("claims", claims.unlessEmpty),
        ]
        let shared = YAMLValue.map(common.compactMap { key, value in value.map { YAMLEntry(key, $0) } })
        let name = options.text("CLIENT_NAME").map { YAMLValue.string($0) }
        if let dex {
            if !dex.knows(clientID) { options.take("CLIENT_ID")?.say(.todo, "Dex has no client of this id") }
            for key in ["OIDC_AUTH_URL", "CLIENT_SECRET", "CA_BUNDLE"] {
                options.leave(key, .note, "the provider is in the same file")
            }
            entry = entries(("id", "local"), ("name", name), ("embedded", true)).adding(shared)
            own = dex.provider(
                client: clientID, redirectURI: publicURL + paths.callback, signedOutURI: publicURL + paths.signedOut)
        } else {
            Self.demand(options, place)
            entry = entries(
                ("id", "oidc"), ("name", name), ("issuer", .string(issuer)),
                ("internalURL", issuer == given ? nil : .string(given)), ("endpoints", Self.endpoints(options, publicURL, place)),
                ("clientSecret", Self.secret(options)),
                ("connection", options.text("CA_BUNDLE").map { entries(("caFile", .string($0))) })
            ).adding(shared)
            own = nil
        }
    }

    private static func demand(_ options: ForeignValue, _ place: ImportPlace) {
        guard place.issuer == nil, let given = options.take("OIDC_PROVIDER"), let text = given.text, text.hasPrefix("http://"),
            !ForeignText.isLocal(text)
        else { return }
        given.say(.todo, "browsers and we have to reach the issuer by https: give the address under which they do with --issuer")
    }

    private static func clientID(_ options: ForeignValue, _ variables: (String) -> String?) -> String {
        guard let given = options.take("CLIENT_ID"), let text = given.text else {
            options.report.say(.todo, "CLIENT_ID", "say which client the provider knows: `authservice` stands there")
            return "authservice"
        }
        guard let variable = ForeignText.variable(text) else { return text }
        if let value = variables(variable), !value.isEmpty { return value }
        given.say(.todo, "put the value of \(variable) as `clientID`: it is not set here; the name stands for it")
        return variable
    }

    private static func secret(_ options: ForeignValue) -> YAMLValue {
        if let secret = options.secret("CLIENT_SECRET", file: "client.secret") { return secret }
        options.report.say(.todo, "CLIENT_SECRET", "there is none: set the variable CLIENT_SECRET")
        return entries(("env", "CLIENT_SECRET"))
    }

    private static func endpoints(_ options: ForeignValue, _ publicURL: String, _ place: ImportPlace) -> YAMLValue? {
        guard let given = options.take("OIDC_AUTH_URL"), let text = given.text, !text.isEmpty else { return nil }
        let url = text.hasPrefix("/") ? publicURL + text : text
        if let issuer = place.issuer, url.hasPrefix(issuer) {
            given.say(.note, "found in the provider's metadata, which is asked for at `internalURL`")
            return nil
        }
        return entries(("authorization", .string(url)))
    }

    /// Its own endpoints: `/authservice/…`, or below another path.
    private static func paths(
        _ options: ForeignValue, _ publicURL: String
    ) -> (path: YAMLValue?, compatibility: YAMLValue?, callback: String, signedOut: String) {
        let prefix = options.text("AUTHSERVICE_URL_PREFIX").flatMap(ForeignText.path) ?? "/authservice"
        let folder = "/" + prefix.split(separator: "/").joined(separator: "/")
        let isUsual = folder == "/authservice" || folder == "/"
        let callback = isUsual ? "/authservice/oidc/callback" : folder + "/callback"
        if let redirect = options.take("REDIRECT_URL"), let path = redirect.text.flatMap(ForeignText.path), path != callback {
            redirect.say(.todo, "register `\(publicURL)\(callback)` with the provider: replies come there")
        } else if !isUsual {
            options.take("AUTHSERVICE_URL_PREFIX")?.say(
                .todo, "register `\(publicURL)\(callback)` with the provider; the sign-out is `\(folder)/sign-out`")
        }
        return (
            isUsual ? nil : .string(folder), isUsual ? ["arrikto"] : nil, callback,
            (isUsual ? "/_gatehouse" : folder) + "/sign-out"
        )
    }

    /// `[{"matches": "expression", "replaces": "text"}]`, the first that matches counts there.
    private static func transforms(_ options: ForeignValue) -> YAMLValue? {
        guard let given = options.take("USERID_TRANSFORMERS"), let text = given.text, !text.isEmpty else { return nil }
        guard let list = (try? ForeignDocument.parse(text))?.first?.sequence else {
            given.say(.lost, "this is no list of `matches` and `replaces`")
            return nil
        }
        if list.count > 1 { given.say(.note, "there only the first that matches counts, here each of them in turn") }
        let claim = YAMLValue.string(options.text("USERID_CLAIM") ?? "email")
        return YAMLValue.list(
            list.compactMap { rule in
                guard let match = rule["matches"]?.scalar?.string else {
                    given.say(.lost, "one of them has no `matches`")
                    return nil
                }
                let (whole, text) = anywhere(match, rule["replaces"]?.scalar?.string ?? "", given)
                return entries(("claim", claim), ("match", .string(whole)), ("replace", .string(text)))
            }
        ).unlessEmpty
    }

    /// There the expression has to match somewhere in the text, here all of it.
    private static func anywhere(_ match: String, _ replacement: String, _ given: ForeignValue) -> (String, String) {
        guard !match.contains("(") else {
            given.say(.todo, "there `\(match)` may match a part of the text, here it has to match all of it: see `transform`")
            return (match, replacement)
        }
        var inner = match[...]
        let (fromStart, toEnd) = (inner.hasPrefix("^"), inner.hasSuffix("$") && !inner.hasSuffix("\\$"))
        if fromStart { inner = inner.dropFirst() }
        if toEnd { inner = inner.dropLast() }
        let (head, tail) = (fromStart ? "()" : "(.*?)", toEnd ? "()" : "(.*)")
        return ("\(head)(?:\(inner))\(tail)", "$1\(replacement)$2")
    }
}
