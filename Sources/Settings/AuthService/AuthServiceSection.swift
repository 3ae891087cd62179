import JOSE

/// `authService`
enum AuthServiceSection {
    static let publicURL = Key.optional("publicURL", .origin(), "The origin under which browsers reach the gateway.")
    static let publicURLs = Key.optional("publicURLs", .list(of: .origin()), "The same for several origins.")
    static let publicHosts = Key.defaulted(
        "publicHosts", .list(of: RuleSection.host), [],
        "Further hosts, as `*.example.com`, each with a redirect URI and cookies of its own.")
    static let keepFragment = Key.defaulted(
        "keepFragment", .boolean(), false,
        "Whether a page of ours stands before the provider's, so that the part of an address behind `#` outlives a sign-in.")
    static let path = Key.defaulted(
        "path", ownPath, "/_gatehouse", "Where the service's own endpoints live on every public host.")
    static let cookie = Key.section("cookie", CookieSection.section, "The session cookie.")
    static let session = Key.section("session", SessionSection.section, "How long somebody stays signed in.")
    static let signIn = Key.section("signIn", SignInSection.section, "How people sign in, whatever the provider.")
    static let secrets = Key.required(
        "secrets", .list(of: .secret(.cookieKey)), standIn: [],
        "Cookie keys of 32 bytes or more: the first encrypts, all decrypt.")
    static let providers = Key.required(
        "providers", .list(of: IdentityProviderSection.section.shape), standIn: [], "The OpenID providers at which users sign in."
    )
    static let identity = Key.section("identity", IdentitySection.section, "What applications are told about the user.")
    static let bearer = Key.defaulted(
        "bearer", .list(of: BearerSection.section.shape), [], "Issuers whose tokens count in `Authorization: Bearer`.")
    static let onInvalidBearer = Key.defaulted(
        "onInvalidBearer", .choice(), InvalidCredential.unauthorized,
        "What a bad token gets: 401, or what a request without one gets.")
    static let personalTokens = Key.optional(
        "personalTokens", PersonalTokenSection.section.shape,
        "Users may make tokens for their own programs; without it they may not.")
    static let basicAuthentication = Key.defaulted(
        "basicAuthentication", .boolean(), false,
        "Whether `Authorization: Basic` counts, with the users and passwords of the embedded provider.")
    static let clientCertificates = Key.defaulted(
        "clientCertificates", .list(of: ClientCertificateSection.section.shape), [],
        "Whose client certificates count, as a trusted gateway has verified them.")
    static let kubernetes = Key.optional(
        "kubernetes", KubernetesSection.section.shape, "The Kubernetes API server that rules with `kubernetes` ask.")
    static let rules = Key.defaulted(
        "rules", .list(of: RuleSection.section.shape), [],
        "The first that matches decides; where none does, a signed-in user is needed.")

    static let compatibility = Key.defaulted(
        "compatibility", .list(of: .choice()), [AuthServiceSettings.Compatibility](),
        "Programs whose paths lead to our endpoints, too: `/oauth2/…` and `/authservice/…`.")

    static let section = Section(
        "authService",
        [
            publicURL.listed, publicURLs.listed, publicHosts.listed, keepFragment.listed, path.listed, cookie.listed,
            session.listed, signIn.listed, secrets.listed, providers.listed,
            identity.listed, rules.listed, bearer.listed, onInvalidBearer.listed, personalTokens.listed,
            basicAuthentication.listed, clientCertificates.listed, kubernetes.listed, compatibility.listed,
        ]
    ) { fields in
        AuthServiceSettings(
            publicURLs: origins(fields), publicHosts: fields(publicHosts), keepsFragment: fields(keepFragment),
            path: fields(path), cookie: fields(cookie), session: fields(session),
            signIn: fields(signIn), secrets: fields(secrets), providers: fields(providers), identity: fields(identity),
            rules: fields(rules),
            bearer: fields(bearer), onInvalidBearer: fields(onInvalidBearer), personalTokens: fields(personalTokens),
            basicAuthentication: fields(basicAuthentication), clientCertificates: fields(clientCertificates),
            kubernetes: fields(kubernetes),
            compatibility: fields(compatibility))
    }

    /// Either key, not both, not none.
    private static func origins(_ fields: Fields) -> [ConfiguredURL] {
        let one = fields(publicURL)
        let several = fields(publicURLs)
        let given = (fields.given(publicURL.name) != nil, fields.given(publicURLs.name) != nil)
        if given == (true, true) {
            fields.reading.error("`publicURL` and `publicURLs` are both there", "keep one of them", at: fields.node)
        }
        if given == (false, false) {
            fields.reading.error("`publicURL` is missing", "add `publicURL: https://…`, as browsers write it", at: fields.node)
        }
        return several ?? one.map { [$0] } ?? []
    }

    private static let ownPath = Shape<String>.text().then(show: { .text($0) }) { text, node, reading -> String? in
        let segments = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = segments.allSatisfy { segment in
            segment.contains { $0 != UInt8(ascii: ".") } && segment.allSatisfy { isAlphanumeric($0) || "-._~".utf8.contains($0) }
        }
        guard text.hasPrefix("/"), isPlain else {
            return reading.refuse(
                "\(quoted(text)) is not a path for the service's own endpoints", "write it like `/_gatehouse`", node)
        }
        return text
    }
}
