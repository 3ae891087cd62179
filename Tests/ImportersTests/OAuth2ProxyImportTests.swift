import Foundation
import Importers
import Manifests
import Settings
import Testing

struct OAuth2ProxyImportTests {
    private static func imported(_ names: String..., place: ImportPlace = ImportPlace()) throws -> Import {
        try OAuth2ProxyImport.run(names.map { ForeignFile(name: $0, bytes: try Fixture.bytes($0)) }, place: place)
    }

    private static func run(_ text: String) throws -> Import {
        try OAuth2ProxyImport.run(
            [ForeignFile(name: "x", bytes: Array(text.utf8))], place: ImportPlace(publicURL: "https://apps.example.com"))
    }

    private static func load(_ result: Import) throws -> AuthServiceSettings {
        let variables = Dictionary(
            uniqueKeysWithValues: ["ENTRA_SECRET", "APPS_SECRET"].map { ($0, "a secret of more than 16") })
        return try #require(try Fixture.load(result, variables).authService)
    }

    private static let fileOptions = OAuth2ProxyOptions.all.filter { option in
        !(OAuth2ProxyOptions.alphaOnly + OAuth2ProxyOptions.commandLine).contains { $0.name == option.name }
    }

    @Test func everyDocumentedOptionIsInAFixture() throws {
        let config = String(decoding: try Fixture.bytes("oauth2-proxy-everything.cfg"), as: UTF8.self)
        let flags = String(decoding: try Fixture.bytes("oauth2-proxy-flags.sh"), as: UTF8.self)
        let alpha = String(decoding: try Fixture.bytes("oauth2-proxy-alpha.yaml"), as: UTF8.self)
        let inConfig = Self.fileOptions.filter { $0.name != "authenticated_emails_file" }
        #expect(inConfig.map(\.name).filter { !config.contains("\n\($0) = ") } == [])
        let words = OAuth2ProxyOptions.commandLine.map { $0.name.replacing("_", with: "-") } + ["authenticated-emails-file"]
        #expect(words.filter { !flags.contains("--\($0)") } == [])
        #expect(AlphaConfiguration.documented.filter { !alpha.contains("\($0):") } == [])
    }

    /// What is written is taken as it is, and each option is either in it or told of.
    @Test func everythingIsCarriedOverOrTold() throws {
        let result = try Self.imported("oauth2-proxy-everything.cfg")
        let service = try Self.load(result)
        let provider = try #require(service.providers.first)
        #expect(service.publicURLs.map(\.text) == ["https://apps.example.com"] && service.publicHosts.count == 2)
        #expect(service.cookie.name == "__Secure-proxy" && service.cookie.domains == ["example.com"])
        #expect(service.session.lifetime == 86_400 && service.session.idle == 86_400 && service.session.store == .server)
        if case .issuer(let issuer) = provider.source { #expect(issuer.text == "https://sso.example.com/realms/company") }
        #expect(provider.clientID == "proxy" && provider.scopes == ["openid", "email", "profile", "groups"])
        #expect(provider.name == "Company account" && provider.request.acrValues == ["mfa", "silver"])
        #expect(provider.claims.email == "mail" && provider.claims.groups == ["roles"] && provider.claims.user == "upn")
        #expect(!provider.usesUserinfo && provider.claims.emailVerification == .assumed)
        #expect(
            service.bearer.map(\.issuer.text) == ["https://sso.example.com/realms/company", "https://kubernetes.default.svc"])
        #expect(service.bearer.map(\.audiences) == [["proxy", "api"], ["apps"]] && service.onInvalidBearer == .unauthorized)
        #expect(service.identity.authorization == .basic && service.identity.accessTokenHeader == "x-auth-request-access-token")
        let headers = Dictionary(uniqueKeysWithValues: service.identity.headers.map { ($0.name, $0.template) })
        #expect(headers["x-forwarded-user"] == "email" && headers["x-auth-request-user"] == "sub")
        #expect(service.rules.count == 6)
        let usual = ["code_challenge_method", "force_code_challenge_method"]
        let told = Set(result.remarks.map { $0.place.prefix { $0 != "[" } }.map(String.init) + usual)
        let left = Self.fileOptions.filter { if case .left = $0.fate { true } else { false } }.map(\.name)
        #expect(left.filter { !told.contains($0) } == [])
        #expect(result.remarks.allSatisfy { $0.file != nil && $0.line != nil || $0.line == nil })
    }

    /// An option that is not told of changes what is written.
    @Test(arguments: fileOptions.filter { if case .becomes = $0.fate { true } else { false } }.map(\.name))
    func whatBecomesSomethingIsInIt(name: String) throws {
        let text = String(decoding: try Fixture.bytes("oauth2-proxy-everything.cfg"), as: UTF8.self)
        let whole = try Self.run(text)
        guard let start = text.range(of: "\n\(name) = ")?.lowerBound else { return #expect(name == "authenticated_emails_file") }
        let rest = text[text.index(after: start)...]
        let isList = rest.prefix { $0 != "\n" }.hasSuffix("[")
        let end = try #require(isList ? rest.range(of: "\n]\n")?.upperBound : rest.range(of: "\n")?.upperBound)
        let without = try Self.run(String(text[...start] + rest[end...]))
        let told = whole.remarks.contains { $0.place == name || $0.place.hasPrefix("\(name)[") }
        let empty = ["jwt_key", "jwt_key_file", "cookie_secret_file"]
        // The default, or what a rule without it says as well.
        let usual = [
            "cookie_samesite", "cookie_secure", "pass_basic_auth", "pass_user_headers", "proxy_prefix", "redirect_url",
            "oidc_roles_claim",
            "set_authorization_header", "set_basic_auth", "pass_authorization_header", "redis_use_cluster", "redis_use_sentinel",
            "oidc_issuer_url", "scope", "redis_password",
            "force_json_errors", "relative_redirect_url", "reverse_proxy", "skip_oidc_discovery", "upstreams",
        ]
        let (one, other) = (YAMLWriter.text(whole.configuration), YAMLWriter.text(without.configuration))
        #expect(one != other || told || (empty + usual).contains(name))
    }

    @Test func aCommandLineIsRead() throws {
        let service = try Self.load(try Self.imported("oauth2-proxy-flags.sh"))
        #expect(service.providers.map(\.clientID) == ["apps"] && service.providers.map(\.id) == ["oidc"])
        #expect(
            service.providers.first?.admission.users == ["example.com", "example.org", "example.net"].map { .domain($0) })
        #expect(service.providers.first?.admission.emailsFile == "/etc/oauth2-proxy/emails.txt" && service.bearer.isEmpty)
        #expect(service.rules.map(\.methods) == [["GET"], [], []])
        #expect(service.rules.map(\.allow) == [.anyone, .signedIn, .signedIn])
        #expect(service.identity.headers.map(\.name).contains("x-auth-request-email"))
    }

    @Test func whoSpeaksOAuthOnlyGetsAConnector() throws {
        let result = try Self.imported("oauth2-proxy.env")
        let loaded = try Fixture.load(result, [:])
        let provider = try #require(loaded.provider)
        #expect(provider.connectors.map(\.id) == ["github"] && provider.issuer.text == "https://apps.example.com/dex")
        #expect(provider.clients.map(\.redirectURIs) == [["https://apps.example.com/oauth2/callback"]])
        #expect(loaded.authService?.identity.headers.map(\.name).contains("x-forwarded-email") == true)
        #expect(
            result.remarks.contains { $0.weight == .todo && $0.text.contains("https://apps.example.com/dex/callback/github") })
        #expect(result.files.map(\.path).contains("secrets/client.secret"))
    }

    @Test func theAlphaConfigurationIsRead() throws {
        let result = try Self.imported("oauth2-proxy-alpha.yaml", place: ImportPlace(publicURL: "https://apps.example.com"))
        let service = try Self.load(result)
        let provider = try #require(service.providers.first)
        #expect(provider.id == "entra-id" && provider.request.prompt == .login)
        #expect(provider.request.parameters == [NamedText(name: "domain_hint", text: "example.com")])
        let headers = Dictionary(uniqueKeysWithValues: service.identity.headers.map { ($0.name, $0.template) })
        #expect(headers == ["x-user": "corp:{sub}", "x-groups": "groups", "x-old": "email"])
        #expect(service.identity.authorization == .basic && service.identity.accessTokenHeader == "x-token")
        let lost = Set(result.remarks.filter { $0.weight == .lost }.map(\.place))
        let expected: Set = [
            "injectRequestHeaders[0].preserveRequestValue", "injectRequestHeaders[0].InsecureSkipHeaderNormalization",
            "injectRequestHeaders[0].values[1]", "injectRequestHeaders[3].values[0].secretSource.value",
            "injectRequestHeaders[5].values[0].claimSource", "providers[0].loginURLParameters[0].allow", "providers[1]",
            "providers[0].oidcConfig.insecureSkipIssuerVerification", "providers[0].oidcConfig.publicKeyFiles",
            "providers[0].googleConfig.targetPrincipal",
        ]
        #expect(expected.subtracting(lost) == [])
        #expect(
            result.remarks.contains { $0.weight == .todo && $0.place == "providers[0].microsoftEntraIDConfig.allowedTenants" })
        #expect(service.rules.map(\.allow) == [.nobody])
    }

    /// A list of objects, as kubectl prints them: values from Secrets and ConfigMaps, the file at its place in the whole.
    @Test func kubeflowsObjectsAreReadWithDex() throws {
        let dex = ForeignFile(name: "dex.yaml", bytes: try Fixture.bytes("dex-kubeflow.yaml"))
        let files = [ForeignFile(name: "all.yaml", bytes: try Fixture.bytes("oauth2-proxy-kubeflow.yaml"))]
        let place = ImportPlace(publicURL: "https://kubeflow.example.com", dex: dex)
        let result = try OAuth2ProxyImport.run(files, place: place) { $0 == "OIDC_CLIENT_ID" ? "kubeflow-oidc-authservice" : nil }
        let variables = ["DEX_USER_PASSWORD": Fixture.hash, "OIDC_CLIENT_SECRET": "a secret of 32 characters or more"]
        let loaded = try Fixture.load(result, variables)
        let service = try #require(loaded.authService)
        #expect(
            service.providers.map(\.clientID) == ["kubeflow-oidc-authservice"] && service.providers.map(\.source) == [.embedded])
        #expect(service.bearer.map(\.issuer.text) == ["https://kubeflow.example.com/dex"] && service.onInvalidBearer == .signIn)
        #expect(service.cookie.name == "oauth2_proxy_kubeflow" && service.identity.authorization == .idToken)
        #expect(service.rules.map(\.onAnonymous) == [.unauthorized, nil])
        #expect(loaded.provider?.issuer.text == "https://kubeflow.example.com/dex")
        #expect(loaded.provider?.clients.first?.redirectURIs == ["https://kubeflow.example.com/oauth2/callback"])
        #expect(result.files.map(\.path) == ["secrets/cookie.key"])
        // The line in the list, not in the text that the ConfigMap holds.
        let text = String(decoding: files[0].bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let banner = try #require(result.remarks.first { $0.place == "banner" })
        #expect(text[(banner.line ?? 0) - 1].contains("banner = "))
    }

    /// With an issuer that browsers reach, what is inside goes on to be asked there.
    @Test func anotherIssuerTakesThePlaceOfTheFiles() throws {
        let place = ImportPlace(publicURL: "https://kubeflow.example.com", issuer: "https://kubeflow.example.com/dex")
        let result = try Self.imported("oauth2-proxy-kubeflow.cfg", place: place)
        let text = YAMLWriter.text(result.configuration)
        #expect(text.contains("internalURL: \"http://dex.auth.svc.cluster.local:5556/dex\"") && !text.contains("endpoints"))
        _ = try Self.load(result)
    }

    @Test(arguments: [
        ("provider = \"oidc\"\nnews = 1", "news", 2), ("--news=1 --provider=oidc", "--news", 1),
        ("OAUTH2_PROXY_NEWS=1\nOAUTH2_PROXY_PROVIDER=oidc", "OAUTH2_PROXY_NEWS", 1),
        ("providers:\n  - clientID: a\n    news: 1", "providers[0].news", 3),
        ("providers:\n  - oidcConfig:\n      news: 1", "providers[0].oidcConfig.news", 3), ("providers: []\nnews: 1", "news", 2),
        ("server:\n  news: 1", "server.news", 2),
        ("upstreamConfig:\n  upstreams:\n    - news: 1", "upstreamConfig.upstreams[0].news", 3),
        ("injectRequestHeaders:\n  - name: a\n    news: 1", "injectRequestHeaders[0].news", 3),
    ])
    func whatNobodyKnowsIsTold(text: String, place: String, line: Int) throws {
        let remark = try #require(try Self.run(text).remarks.first { $0.place == place })
        #expect(remark.weight == .lost && remark.line == line)
    }

    /// A value that cannot be read is told with its place.
    @Test(arguments: [
        ("cookie_expire = \"a week\"", "cookie_expire", Remark.Weight.lost),
        ("cookie_expire = [ \"1h\" ]", "cookie_expire", .lost), ("cookie_samesite = \"some\"", "cookie_samesite", .lost),
        ("redirect_url = \"apps.example.com/oauth2/callback\"", "redirect_url", .todo),
        ("email_domains = \"*\"\nskip_auth_preflight = \"perhaps\"", "skip_auth_preflight", .lost),
        ("session_store_type = \"memcached\"", "session_store_type", .lost),
        (
            "session_store_type = \"redis\"\nredis_connection_url = \"http://redis:6379\"", "redis_connection_url", .todo
        ),
        (
            "session_store_type = \"redis\"\nredis_connection_url = \"unix:///redis.sock?db=1\"", "redis_connection_url", .lost
        ),
        ("tls_cert_file = \"/tls.crt\"", "tls_cert_file", .todo), ("tls_key_file = \"/tls.key\"", "tls_key_file", .todo),
        (
            "tls_cert_file = \"/tls.crt\"\ntls_key_file = \"/tls.key\"\ntls_min_version = \"1.4\"", "tls_min_version", .lost
        ),
        ("provider = \"github\"\nlogin_url = \"github.example.com\"", "login_url", .todo),
        ("provider = \"azure\"\nazure_graph_group_field = \"mail\"", "azure_graph_group_field", .lost),
        ("providers:\n  - provider: oidc\n    allowedGroups: staff", "providers[0].allowedGroups", .lost),
        ("providers:\n  - provider: oidc\n    scope: [openid]", "providers[0].scope", .lost),
        ("providers:\n  - provider: oidc\n    oidcConfig: \"https://a.example\"", "providers[0].oidcConfig", .lost),
    ])
    func aValueThatCannotBeReadIsTold(text: String, place: String, weight: Remark.Weight) throws {
        #expect(try Self.run(text).remarks.filter { $0.place == place && $0.weight != .note }.map(\.weight) == [weight])
    }

    /// Of several places the command line counts before the environment, and this before a file; the others are told of.
    @Test func whatIsOverriddenIsTold() throws {
        let texts = ["cookie_name = \"file\"", "OAUTH2_PROXY_COOKIE_NAME=variable", "--cookie-name=flag"]
        let files = texts.enumerated().map { ForeignFile(name: "\($0)", bytes: Array($1.utf8)) }
        let result = try OAuth2ProxyImport.run(files)
        #expect(YAMLWriter.text(result.configuration).contains("name: flag"))
        let told = result.remarks.filter { $0.text == "`--cookie-name` says it, too, and counts" }
        #expect(told.map(\.file) == ["1", "0"])
    }

    /// Nothing is open that was closed: who is not named, or cannot be named here, does not pass.
    @Test(arguments: [
        ("", [AccessRule.Permission.nobody]), ("email_domains = [ \".example.org\" ]", [.nobody]),
        ("email_domains = \"*\"", [.signedIn]),
        ("email_domains = \"*\"\nskip_jwt_bearer_tokens = true", [.signedIn]),
        (
            "email_domains = \"example.com\"\nskip_jwt_bearer_tokens = \"1\"",
            [.members(Membership(users: [.domain("example.com")], groups: []))]
        ),
        ("email_domains = \"*\"\nskip_auth_routes = [ '^/user/[0-9]+$', '!=^/x', 'GET!=^/y' ]", [.signedIn]),
        ("email_domains = \"*\"\nskip_auth_routes = [ '^/public/[^/]+$' ]", [.signedIn]),
        // There it is no method.
        ("email_domains = \"*\"\nskip_auth_regex = [ 'GET=^/x/' ]", [.signedIn]),
    ])
    func whoIsNotNamedDoesNotPass(text: String, rules: [AccessRule.Permission]) throws {
        let result = try Self.run("provider = \"oidc\"\noidc_issuer_url = \"https://sso.example.com\"\n" + text)
        #expect(try Self.load(result).rules.map(\.allow) == rules)
    }

    /// Whom the provider lets pass by something that is not asked for here does not pass.
    @Test(arguments: [
        ("bitbucket", "bitbucket_team = \"a\"", "bitbucket_team"),
        ("bitbucket", "bitbucket_repository = \"a/b\"", "bitbucket_repository"),
        ("github", "github_repo = \"a/b\"\ngithub_org = \"a\"", "github_repo"),
        ("github", "github_users = [ \"a\" ]", "github_users"),
        ("github", "github_team = \"devs\"", "github_team"),
        ("github", "github_org = \"acme\"\ngithub_team = \"other:devs\"", "github_team"),
        ("gitlab", "gitlab_projects = [ \"a/b\" ]", "gitlab_projects"),
        ("entra-id", "entra_id_allowed_tenants = [ \"a\" ]", "entra_id_allowed_tenants"),
    ])
    func aRestrictionThatIsNotKnownLetsNobodyPass(provider: String, text: String, place: String) throws {
        let result = try Self.run("provider = \"\(provider)\"\nemail_domains = \"*\"\n\(text)")
        #expect(
            YAMLWriter.text(result.configuration).hasSuffix("  rules:\n    - allow: nobody\n") || Self.rules(result) == ["nobody"]
        )
        #expect(result.remarks.contains { $0.weight == .todo && $0.place == place && $0.text.contains("nobody pass") })
    }

    private static func rules(_ result: Import) -> [String] {
        YAMLWriter.text(result.configuration).split(separator: "\n").filter { $0.contains("- allow: ") }.map { line in
            String(line.split(separator: " ").last ?? "")
        }
    }

    /// With teams a member of the organisation alone does not pass; people by name are further ones, who do not pass.
    @Test(arguments: [
        ("github_org = \"acme\"\ngithub_team = \"devs,other:ops\"", true),
        ("github_org = \"acme\"\ngithub_users = [ \"a\" ]", false),
        ("github_team = \"acme:devs\"", true),
    ])
    func teamsNarrowOrganisations(text: String, hasTeams: Bool) throws {
        let result = try Self.run("provider = \"github\"\nemail_domains = \"*\"\n\(text)")
        let written = YAMLWriter.text(result.configuration)
        #expect(written.contains("name: acme") && !written.contains("other") && written.contains("- devs") == hasTeams)
        #expect(Self.rules(result) == ["signedIn"])
    }

    /// Of several values of one rank the last counts, as there; an empty variable is none.
    @Test(arguments: [
        ("--cookie-name=a --cookie-name=b", "b"), ("OAUTH2_PROXY_COOKIE_NAME=a\nOAUTH2_PROXY_COOKIE_NAME=b", "b"),
        ("OAUTH2_PROXY_COOKIE_NAME=a\nOAUTH2_PROXY_COOKIE_NAME=\nOAUTH2_PROXY_PROVIDER=oidc", "_oauth2_proxy"),
    ])
    func theLastOfSeveralCounts(text: String, name: String) throws {
        #expect(YAMLWriter.text(try Self.run(text).configuration).contains("    name: \(name)\n"))
    }

    /// Only the alpha configuration names variables.
    @Test(arguments: ["client_secret = \"$CORP\"", "--client-secret='$CORP'", "OAUTH2_PROXY_CLIENT_SECRET=$CORP"])
    func aTextThatLooksLikeAVariableCountsAsItStands(text: String) throws {
        let result = try Self.run(text)
        #expect(result.files.contains { $0.path == "secrets/client.secret" && $0.bytes == Array("$CORP".utf8) })
        #expect(result.remarks.contains { $0.weight == .todo && $0.text.contains("counts as it stands") })
    }

    @Test(arguments: [("localhost:4180", false), ("[::1]:4180", false), ("127.0.0.1:4180", false), ("0.0.0.0:4180", true)])
    func whoListensToThisMachineOnlyGoesOnTo(address: String, isOpen: Bool) throws {
        let result = try Self.run("provider = \"oidc\"\nhttp_address = \"\(address)\"")
        #expect(YAMLWriter.text(result.configuration).contains("0.0.0.0:9001") == isOpen)
    }

    @Test func noPasswordOfRedisStandsInWhatIsWritten() throws {
        let result = try Self.run(
            "provider = \"oidc\"\nsession_store_type = \"redis\"\nredis_connection_url = \"unix://me:hidden@/run/redis.sock\"")
        let written = YAMLWriter.text(result.configuration)
        #expect(written.contains("unix:///run/redis.sock") && written.contains("username: me") && !written.contains("hidden"))
        #expect(result.files.contains { $0.bytes == Array("hidden".utf8) })
    }

    @Test func whatIsNoYAMLIsNotRepeated() throws {
        let text = "kind: Secret\napiVersion: v1\nstringData:\n  key: \"hidden\" more\n"
        let problem = try #require(throws: ImportProblem.self) {
            try OAuth2ProxyImport.run([ForeignFile(name: "x", bytes: Array(text.utf8))], format: .kubernetes)
        }
        #expect(problem.text.contains("line 4") && !problem.text.contains("hidden"))
    }

    @Test(arguments: [
        ("", "no option"), ("news = 1", "no option"), ("provider", "`=` is missing"), ("provider = oidc", "line 1: the value"),
        ("[table]\na = 1", "tables"), ("provider = \"oidc", "no end"), ("a = [ \"b\" \"c\" ]", "`,` is missing"),
        ("a = [", "does not end"),
        ("a = \"\\d\"", "has no meaning"), ("a = 1 b", "followed by"), ("--provider='oidc", "a quote has no end"),
    ])
    func whatIsNoConfigurationIsRefused(text: String, says: String) throws {
        let problem = try #require(throws: ImportProblem.self) { try Self.run(text) }
        #expect(problem.text.contains(says))
    }

    @Test(arguments: [
        (#"client_id = "a\"b\u0041\\""#, #"a"bA\"#), ("client_id = 'a\\b'", "a\\b"), ("client_id = \"\"\"\na\"\"\" # b", "a"),
        ("\u{FEFF}# first\r\nclient_id = 'a'\r\n", "a"), ("client-id = \"a#b\"", "a#b"), ("client_id = 1_000", "1000"),
    ])
    func textsOfTOMLAreRead(text: String, id: String) throws {
        let result = try Self.run(text + "\nprovider = \"oidc\"")
        #expect(YAMLWriter.text(result.configuration).contains("clientID: \(id == "a" ? "a" : "\"\(id.escaped)\"")"))
    }
}

extension String {
    fileprivate var escaped: String { replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") }
}
