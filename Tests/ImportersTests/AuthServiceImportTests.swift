import Foundation
import Importers
import Manifests
import Settings
import Testing

struct AuthServiceImportTests {
    private static func imported(_ name: String) throws -> Import {
        try AuthServiceImport.run([ForeignFile(name: name, bytes: try Fixture.bytes(name))])
    }

    private static func run(_ text: String) throws -> Import {
        try AuthServiceImport.run(
            [ForeignFile(name: "x", bytes: Array(text.utf8))], place: ImportPlace(publicURL: "https://apps.example.com"))
    }

    @Test func everyDocumentedOptionIsInAFixture() throws {
        let variables = String(decoding: try Fixture.bytes("arrikto-everything.env"), as: UTF8.self)
        let json = String(decoding: try Fixture.bytes("istio-authservice-everything.json"), as: UTF8.self)
        #expect(ArriktoOptions.all.map(\.name).filter { !variables.contains("\($0)=") } == [])
        #expect(IstioAuthServiceOptions.all.map(\.name).filter { !json.contains("\"\($0)\":") } == [])
    }

    @Test func everyVariableIsCarriedOverOrTold() throws {
        let result = try Self.imported("arrikto-everything.env")
        let loaded = try Fixture.load(result, [:])
        let service = try #require(loaded.authService)
        let provider = try #require(service.providers.first)
        #expect(service.publicURLs.map(\.text) == ["https://apps.example.com"] && service.compatibility == [.arrikto])
        #expect(service.cookie.domains == ["example.com"] && service.cookie.sameSite == .strict)
        #expect(service.session.lifetime == 3600 && service.session.idle == 3600)
        #expect(provider.clientID == "authservice" && provider.scopes == ["openid", "profile", "email", "groups"])
        #expect(provider.claims.groups == ["roles"] && provider.claims.transforms.count == 2)
        #expect(
            service.identity.headers.map(\.name) == ["x-user-id", "x-groups"]
                && service.identity.assertion?.header == "x-user-token")
        #expect(
            service.identity.headers.map(\.template) == ["corp:{email}", "groups"] && service.identity.authorization == .idToken)
        #expect(service.rules.map(\.allow).first == .anyone && service.rules.count == 2)
        #expect(service.bearer.count == 2 && service.bearer.first?.idTokens == true)
        #expect(result.files.map(\.path).contains("secrets/client.secret"))
        let told = Set(result.remarks.map { $0.place.prefix { $0 != "[" } }.map(String.init))
        let left = ArriktoOptions.all.filter { if case .left = $0.fate { true } else { false } }.map(\.name)
        #expect(left.filter { !told.contains($0) } == [] && told.contains("TEMPLATE_CONTEXT_TITLE"))
        #expect(
            Set(result.remarks.filter { $0.weight == .todo }.map(\.place)).isSuperset(of: ["REDIRECT_URL", "AUTHZ_CONFIG_PATH"]))
    }

    @Test func theExpressionsOfUserIDsMatchAnywhere() throws {
        let result = try Self.run(
            "OIDC_PROVIDER=https://sso.example.com\nUSERID_TRANSFORMERS='[{\"matches\": \"@a$\", \"replaces\": \"\"}]'")
        #expect(YAMLWriter.text(result.configuration).contains(#"match: "(.*?)(?:@a)()""#))
    }

    @Test func kubeflowsVariablesAreReadWithDex() throws {
        let dex = ForeignFile(name: "dex.yaml", bytes: try Fixture.bytes("dex-kubeflow.yaml"))
        let result = try AuthServiceImport.run(
            [ForeignFile(name: "params.env", bytes: try Fixture.bytes("arrikto-kubeflow.env"))],
            place: ImportPlace(publicURL: "https://kubeflow.example.com", dex: dex)
        ) { $0 == "OIDC_CLIENT_ID" ? "kubeflow-oidc-authservice" : nil }
        let variables = ["DEX_USER_PASSWORD": Fixture.hash, "OIDC_CLIENT_SECRET": "a secret of 32 characters or more"]
        let loaded = try Fixture.load(result, variables)
        let service = try #require(loaded.authService)
        #expect(service.providers.map(\.source) == [.embedded] && service.rules.map(\.allow) == [.signedIn])
        #expect(service.identity.headers.map(\.name) == ["kubeflow-userid", "kubeflow-groups"])
        #expect(
            loaded.provider?.clients.first?.redirectURIs.contains("https://kubeflow.example.com/authservice/oidc/callback")
                == true)
        #expect(result.remarks.map(\.file).contains("dex.yaml"))
    }

    /// A StatefulSet whose variables come from a ConfigMap and from a Secret that is not there.
    @Test func aWorkloadIsRead() throws {
        let result = try Self.run(
            """
            kind: ConfigMap
            apiVersion: v1
            metadata: { name: parameters }
            data: { OIDC_PROVIDER: "https://sso.example.com", USERID_HEADER: x-user }
            ---
            kind: StatefulSet
            apiVersion: apps/v1
            spec:
              template:
                spec:
                  containers:
                    - name: authservice
                      envFrom: [{ configMapRef: { name: parameters } }, { configMapRef: { name: more } }]
                      env:
                        - { name: CLIENT_ID, value: apps }
                        - { name: CLIENT_SECRET, valueFrom: { secretKeyRef: { name: client, key: secret } } }
            """)
        let service = try #require(try Fixture.load(result, ["CLIENT_SECRET": "a secret of more than 16"]).authService)
        #expect(service.identity.headers.first?.name == "x-user" && service.providers.first?.clientID == "apps")
        #expect(result.remarks.contains { $0.weight == .todo && $0.text.contains("all of the ConfigMap `more`") })
    }

    @Test func everyFieldIsCarriedOverOrTold() throws {
        let result = try Self.imported("istio-authservice-everything.json")
        let loaded = try Fixture.load(result, ["CLIENT_SECRET": "a secret of more than 16"])
        let service = try #require(loaded.authService)
        #expect(
            service.publicURLs.map(\.text) == ["https://apps.example.com", "https://wiki.example.com"] && service.path == "/oauth"
        )
        #expect(service.providers.map(\.id) == ["apps", "wiki"] && service.cookie.name == "apps-authservice")
        #expect(service.session.lifetime == 86_400 && service.session.idle == 3600 && service.cookie.sameSite == .none)
        #expect(service.identity.authorization == .idToken && service.identity.accessTokenHeader == "x-access-token")
        #expect(service.rules.map(\.signIn.provider) == [nil, "apps", "wiki", nil, nil])
        #expect(service.rules.map(\.allow) == [.anyone, .signedIn, .signedIn, .anyone, .nobody])
        guard case .redis(let redis) = loaded.storage else { throw ImportProblem(text: "no Redis") }
        #expect(redis.isEncrypted && redis.username == "authservice")
        let told = Set(result.remarks.map { String($0.place.split(separator: ".").last ?? "") })
        #expect(
            told.isSuperset(of: [
                "threads", "health_listen_path", "jwks", "partitioned", "path", "redirect_uri", "token_exchange",
                "skip_verify_peer_cert",
                "periodic_fetch_interval_sec", "token_uri", "trusted_certificate_authority_refresh_interval",
                "cookie_name_prefix",
                "client_secret_ref", "id_token", "access_token", "excluded_paths[4]",
            ]))
    }

    /// What no chain is for stays closed unless it is said to be open, also where only some paths are asked about.
    @Test(arguments: [
        (#"{"header": ":authority", "equality": "a.example.com"}"#, "", [AccessRule.Permission.signedIn, .nobody]),
        (
            #"{"header": ":authority", "equality": "a.example.com"}"#, #", "allow_unmatched_requests": true"#,
            [.signedIn, .anyone]
        ),
        (#"{"header": ":method", "prefix": "P"}"#, #", "allow_unmatched_requests": true"#, [.nobody]),
        (
            #"{"header": ":authority", "equality": "a.example.com"}"#,
            #", "trigger_rules": [{"included_paths": [{"prefix": "/a/"}]}]"#,
            [.signedIn, .nobody, .anyone]
        ),
        (
            #"{"header": ":authority", "equality": "a.example.com"}"#,
            #", "trigger_rules": [{"included_paths": [{"prefix": "/a"}]}]"#,
            [.signedIn, .nobody]
        ),
    ])
    func whatNoChainIsForStaysClosed(match: String, further: String, rules: [AccessRule.Permission]) throws {
        let oidc =
            #"{"configuration_uri": "https://sso.example.com", "client_id": "a", "client_secret": "a-secret-of-the-client"}"#
        let result = try Self.run(#"{"chains": [{"name": "a", "match": \#(match), "filters": [{"oidc": \#(oidc)}]}]\#(further)}"#)
        #expect(try #require(try Fixture.load(result, [:]).authService).rules.map(\.allow) == rules)
    }

    /// Requests of a chain that rules cannot name must not pass by those behind; all filters of a chain have to let them pass.
    @Test(arguments: [
        (
            #"{"match": {"header": ":method", "equality": "POST"}, "filters": [OIDC]}, {"filters": [OPEN]}"#,
            [AccessRule.Permission.nobody]
        ),
        (#"{"match": {"header": ":method", "equality": "POST"}, "filters": [SHUT]}, {"filters": [OIDC]}"#, [.nobody]),
        (#"{"match": {"header": ":method", "equality": "POST"}, "filters": [OIDC]}, {"filters": [OIDC]}"#, [.signedIn]),
        (#"{"match": {"header": ":path", "prefix": "/a"}, "filters": [OIDC]}, {"filters": [OPEN]}"#, [.signedIn, .nobody]),
        (#"{"match": {"header": ":path", "equality": "/a*"}, "filters": [OPEN]}, {"filters": [OIDC]}"#, [.signedIn]),
        (#"{"match": {"header": "x-a", "equality": "a*"}, "filters": [OPEN]}, {"filters": [OIDC]}"#, [.signedIn]),
        (#"{"filters": [SHUT, OIDC]}"#, [.nobody]), (#"{"filters": [OPEN, OIDC]}"#, [.signedIn]),
        (#"{"filters": [OPEN]}"#, [.anyone]),
        (#"{"filters": [OPEN, {"news": 1}]}"#, [.nobody]),
    ])
    func chainsBehindOneThatIsNotKnownOpenNothing(chains: String, rules: [AccessRule.Permission]) throws {
        let oidc =
            #"{"oidc": {"configuration_uri": "https://sso.example.com", "client_id": "a", "client_secret": "a-secret-of-the-client"}}"#
        var text = #"{"chains": [\#(chains)]}"#
        for (name, filter) in [("OIDC", oidc), ("OPEN", #"{"mock": {"allow": true}}"#), ("SHUT", #"{"mock": {"allow": false}}"#)]
        {
            text = text.replacing(name, with: filter)
        }
        let written = YAMLWriter.text(try Self.run(text).configuration)
        let found = written.split(separator: "\n").filter { $0.contains("allow: ") }.compactMap { $0.split(separator: " ").last }
        #expect(found.map(String.init) == rules.map { "\($0)" })
    }

    /// There `*` in a path is a character as others are.
    @Test func literalPathsWithAStarOpenNothing() throws {
        let arrikto = try Self.run("OIDC_PROVIDER=https://sso.example.com\nSKIP_AUTH_URLS=/a/*,/**")
        #expect(
            !YAMLWriter.text(arrikto.configuration).contains("anyone") && arrikto.remarks.filter { $0.weight == .todo }.count > 1)
        let paths = #"[{"exact": "/*"}, {"prefix": "/*/"}, {"suffix": ""}, {"suffix": "*"}]"#
        let istio = try Self.run(
            #"{"chains": [{"filters": [{"mock": {"allow": false}}]}], "trigger_rules": [{"excluded_paths": \#(paths)}]}"#)
        #expect(!YAMLWriter.text(istio.configuration).contains("anyone"))
        #expect(istio.remarks.filter { $0.place.hasPrefix("trigger_rules[0].excluded_paths") && $0.weight == .todo }.count == 4)
    }

    @Test(arguments: ["EXTERNAL_AUTHZ_URL=http://authz.example.com", "AUTHZ_CONFIG_PATH=/etc/authz.yaml"])
    func whoElseDecidesThereLetsNobodyPass(text: String) throws {
        let result = try Self.run("OIDC_PROVIDER=https://sso.example.com\n" + text)
        #expect(YAMLWriter.text(result.configuration).contains("- allow: nobody"))
        #expect(result.remarks.contains { $0.weight == .todo && text.hasPrefix($0.place) })
    }

    @Test func theLastOfSeveralVariablesCounts() throws {
        let result = try Self.run(
            "OIDC_PROVIDER=https://sso.example.com\nSKIP_AUTH_URLS=/a\nCLIENT_ID=a\nSKIP_AUTH_URLS=\nCLIENT_ID=b")
        let written = YAMLWriter.text(result.configuration)
        #expect(written.contains("clientID: b") && !written.contains("anyone"))
    }

    @Test func noPasswordOfAProxyStandsInWhatIsWritten() throws {
        let result = try Self.run(
            #"{"chains": [{"filters": [{"oidc": {"configuration_uri": "https://a.example", "proxy_uri": "http://me:hidden@proxy.example:3128"}}]}]}"#
        )
        let written = YAMLWriter.text(result.configuration)
        #expect(written.contains("http://proxy.example:3128") && written.contains("proxyUser: me") && !written.contains("hidden"))
        #expect(result.files.contains { $0.bytes == Array("hidden".utf8) })
    }

    /// A value that cannot be read is told with its place.
    @Test(arguments: [
        (#""proxy_uri": "proxy.example:3128""#, "proxy_uri", Remark.Weight.todo),
        (#""proxy_uri": "http://me:hidden@""#, "proxy_uri", .todo), (#""proxy_uri": "http:///path""#, "proxy_uri", .todo),
        (#""proxy_uri": ["http://proxy.example"]"#, "proxy_uri", .lost),
        (#""proxy_uri": "http://me@proxy.example:3128""#, "proxy_uri", .lost),
        (#""absolute_session_timeout": "1h""#, "absolute_session_timeout", .lost),
        (#""idle_session_timeout": -1"#, "idle_session_timeout", .lost),
        (#""idle_session_timeout": 99999999999999999999"#, "idle_session_timeout", .lost),
        (#""idle_session_timeout": 5"#, "idle_session_timeout", .note),
        (#""cookie_attributes": {"same_site": "LAX"}"#, "cookie_attributes.same_site", .lost),
        (#""cookie_attributes": "Lax""#, "cookie_attributes", .lost),
        (#""callback_uri": "apps.example.com/oauth/callback""#, "callback_uri", .todo),
        (#""scopes": "email""#, "scopes", .lost), (#""scopes": [{"name": "email"}]"#, "scopes[0]", .lost),
        (#""token_uri": {"uri": "https://sso.example.com/token"}"#, "token_uri", .lost),
        (#""jwks_fetcher": "https://sso.example.com/keys""#, "jwks_fetcher", .lost),
        (
            #""access_token": {"header": "authorization", "preamble": "Token"}"#, "access_token", .lost
        ),
        (
            #""redis_session_store_config": {"server_uri": "http://redis:6379"}"#, "redis_session_store_config.server_uri", .todo
        ),
        (
            #""redis_session_store_config": {"server_uri": "redis://redis:6379?db=1"}"#, "redis_session_store_config.server_uri",
            .lost
        ),
    ])
    func aFieldThatCannotBeReadIsTold(field: String, place: String, weight: Remark.Weight) throws {
        let result = try Self.run(
            #"{"chains": [{"filters": [{"oidc": {"configuration_uri": "https://a.example", \#(field)}}]}]}"#)
        let told = result.remarks.filter { $0.place == "chains[0].filters[0].oidc.\(place)" }
        #expect(told.map(\.weight) == [weight])
        #expect(!told.contains { $0.text.contains("hidden") })
    }

    @Test(arguments: [
        (#""allow_unmatched_requests": "perhaps""#, "allow_unmatched_requests"), (#""listen_port": [10003]"#, "listen_port"),
        (#""trigger_rules": {}"#, "trigger_rules"), (#""default_oidc_config": 1"#, "default_oidc_config"),
    ])
    func anOptionOfAllChainsThatCannotBeReadIsTold(option: String, place: String) throws {
        let result = try Self.run(#"{"chains": [{"filters": [{"mock": {"allow": true}}]}], \#(option)}"#)
        #expect(result.remarks.filter { $0.weight == .lost }.map(\.place) == [place])
        #expect(YAMLWriter.text(result.configuration).contains("- allow: anyone"))
    }

    @Test(arguments: [
        ("SESSION_MAX_AGE=1d", #"lifetime: "1d""#), ("SESSION_SAME_SITE=some", nil), ("SESSION_STORE_TYPE=memcached", "sqlite:"),
        ("LOG_LEVEL=loud", nil), ("ACCESS_TOKEN_AUTHN=both", nil), ("IDTOKEN_AUTHN_ENABLED=perhaps", nil),
        (#"USERID_TRANSFORMERS='[{"replaces": "b"}]'"#, nil), ("SKIP_AUTH_URLS=https://apps.example.com/a", nil),
        ("SESSION_DOMAIN=example.org", nil),
    ])
    func aVariableThatCannotBeReadIsTold(variable: String, written: String?) throws {
        let result = try Self.run("OIDC_PROVIDER=https://sso.example.com\n" + variable)
        let name = String(variable.prefix { $0 != "=" })
        #expect(result.remarks.filter { $0.place.prefix { $0 != "[" } == name }.map(\.weight) == [.lost])
        if let written { #expect(YAMLWriter.text(result.configuration).contains(written)) }
    }

    @Test(arguments: [
        ("OIDC_PROVIDER=https://a.example\nNEWS=1", "NEWS", 2),
        ("{\"chains\": [{\"filters\": [{\"oidc\": {\n\"news\": 1}}]}]}", "chains[0].filters[0].oidc.news", 2),
        ("{\"chains\": [{\"filters\": []}],\n\"news\": 1}", "news", 2),
        ("{\"chains\": [{\"filters\": [],\n\"news\": 1}]}", "chains[0].news", 2),
        ("{\"chains\": [{\"filters\": []}], \"trigger_rules\": [{\n\"news\": 1}]}", "trigger_rules[0].news", 2),
    ])
    func whatNobodyKnowsIsTold(text: String, place: String, line: Int) throws {
        let remark = try #require(try Self.run(text).remarks.first { $0.place == place })
        #expect(remark.weight == .lost && remark.line == line)
    }

    @Test(arguments: ["", "A=1", "nothing", "{\"chains\": []}", "kind: ConfigMap\napiVersion: v1"])
    func whatIsNoConfigurationIsRefused(text: String) {
        #expect(throws: ImportProblem.self) { try Self.run(text) }
    }
}
