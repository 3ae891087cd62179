import JOSE
import Settings
import Testing

@Suite struct KubernetesTests {
    private static let server = "  kubernetes: { server: \"https://k.example\" }\n"

    private static func rule(_ access: String, more: String = "", server: String = server) -> String {
        Fixture.service + server + "  rules: [{ paths: [/a/*], \(more)allow: { kubernetes: \(access) } }]\n"
    }

    static let refused: [Refused] = [
        Refused(rule("{ resource: pods }", server: ""), "5:35", "asks a Kubernetes API server, and there is none"),
        Refused(rule("{ verb: get }"), "6:49", "neither a resource nor a path is named"),
        Refused(rule("{ resource: pods, nonResourcePath: /x }"), "6:49", "are both there"),
        Refused(rule("{ nonResourcePath: /x, namespace: a }"), "6:83", "`namespace` is of resources"),
        Refused(rule("{ resource: pods, namespace: \"{path.0}\" }"), "6:78", "no place of a request"),
        Refused(rule("{ resource: pods, namespace: \"{user}\" }"), "6:78", "no place of a request"),
        Refused(rule("{ resource: pods, namespace: \"{tenant\" }"), "6:78", "no place of a request"),
        Refused(rule("{ resource: pods, namespace: \"a}\" }"), "6:78", "no place of a request"),
        Refused(rule("{ resource: pods, namespace: \"{tenant}\" }"), "6:35", "no `tenant` says which"),
        Refused(rule("{ resource: pods }", more: "tenant: { path: /a/* }, "), "6:36", "could enter all of them"),
        Refused(rule("{ resource: pods, namespaces: a }"), "6:67", "did you mean `namespace`?"),
        Refused(Fixture.service + "  kubernetes: {}\n", "5:15", "`server` is missing"),
        Refused(Fixture.service + "  kubernetes: { server: http://k.example }\n", "5:25", "is http on another machine"),
        Refused(
            Fixture.service + "  kubernetes: { server: https://k.example, cache: { allowed: 2h } }\n", "5:62", "is too long"),
        Refused(
            Fixture.service + "  kubernetes: { server: https://k.example, extra: { Scopes: scope } }\n", "5:53",
            "is not in lower case"),
    ]

    @Test(arguments: refused) func refusesKubernetes(_ refused: Refused) { refused.check() }

    @Test func readsARule() throws {
        let yaml = Self.rule(
            "{ group: kubeflow.org, resource: notebooks, namespace: \"{tenant}\", name: \"{path.3}-x\" }",
            more: "tenant: { path: /a/* }, ")
        let service = try #require(try Fixture.read(yaml).configuration.authService)
        guard case .members(let membership) = service.rules.first?.allow else {
            Issue.record("the rule lets members in")
            return
        }
        let access = try #require(membership.kubernetes)
        #expect(access.verb.pieces == [.verb] && access.group?.pieces == [.text("kubeflow.org")])
        #expect(access.namespace?.pieces == [.tenant] && access.name?.pieces == [.segment(3), .text("-x")])
        #expect(access.subresource == nil && access.nonResourcePath == nil)
        let kubernetes = try #require(service.kubernetes)
        #expect(
            kubernetes.user == "email" && kubernetes.groups == ["groups"] && kubernetes.allowed == 60 && kubernetes.denied == 10)
        #expect(kubernetes.clusterIssuers == ["https://k.example"])
    }
}

@Suite struct ClientCertificateTests {
    private static func entry(_ text: String) -> String { Fixture.service + "  clientCertificates: [\(text)]\n" }

    static let refused: [Refused] = [
        Refused(entry("{ user: cn }"), "5:24", "says nothing about who has signed"),
        Refused(entry("{ caFile: tls.crt, trustDomain: a }"), "5:24", "says two things about who has signed"),
        Refused(entry("{ caFile: nowhere }"), "5:34", "cannot be read"),
        Refused(entry("{ trustDomain: spiffe://a }"), "5:39", "is not a SPIFFE trust domain"),
        Refused(entry("{ trustDomain: Example }"), "5:39", "is not a SPIFFE trust domain"),
        Refused(entry("{ trustDomain: a, groups: ou }"), "5:50", "a list belongs here"),
    ]

    @Test(arguments: refused) func refusesEntries(_ refused: Refused) { refused.check() }

    @Test func readsEntries() throws {
        let yaml = Self.entry("{ trustDomain: cluster.local, groups: [spiffe.namespace], groupPrefix: \"ns:\" }")
        let entry = try #require(try Fixture.read(yaml).configuration.authService?.clientCertificates.first)
        guard case .trustDomain("cluster.local") = entry.authority else {
            Issue.record("the trust domain is read")
            return
        }
        #expect(entry.user == "uri" && entry.groups == ["spiffe.namespace"] && entry.groupPrefix == "ns:")
    }
}

@Suite struct IntrospectionAuthenticationTests {
    private static func entry(_ introspection: String, more: String = "") -> String {
        Fixture.service
            + "  bearer: [{ issuer: https://i.example.com\(more), introspection: { clientID: c, \(introspection) } }]\n"
    }

    static let refused: [Refused] = [
        Refused(entry("auth: client_secret_post"), "5:60", "`clientSecret` is missing"),
        Refused(entry("clientSecret: { env: CORP_SECRET }, auth: none"), "5:117", "`none` is not known here"),
        Refused(entry("auth: private_key_jwt"), "5:60", "needs `clientKey`"),
        Refused(entry("auth: tls_client_auth"), "5:60", "needs a certificate"),
        Refused(
            entry(
                "auth: tls_client_auth, clientSecret: { env: CORP_SECRET }",
                more: ", certificate: tls.crt, certificateKey: { file: tls.key }"),
            "5:169", "keep one of them"),
        Refused(
            entry("clientSecret: { env: CORP_SECRET }", more: ", certificate: tls.crt"), "5:58",
            "`certificate` is there without `certificateKey`"),
    ]

    @Test(arguments: refused) func refusesEntries(_ refused: Refused) { refused.check() }

    @Test func aCertificateIsEnough() throws {
        let yaml = Self.entry(
            "auth: tls_client_auth", more: ", certificate: tls.crt, certificateKey: { file: tls.key }")
        let entry = try #require(try Fixture.read(yaml).configuration.authService?.bearer.first)
        #expect(entry.certificate != nil && entry.certificateKey != nil)
    }
}
