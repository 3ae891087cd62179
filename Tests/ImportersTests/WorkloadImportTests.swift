import Importers
import Manifests
import Testing

/// Which of a cluster's objects are the program's.
struct WorkloadImportTests {
    private static func run(_ documents: [String]) throws -> Import {
        try OAuth2ProxyImport.run(
            [ForeignFile(name: "x", bytes: Array(documents.joined(separator: "\n---\n").utf8))],
            place: ImportPlace(publicURL: "https://apps.example.com"))
    }

    private static func map(_ name: String, _ key: String, _ id: String, namespace: String = "auth") -> String {
        "kind: ConfigMap\napiVersion: v1\nmetadata: { name: \(name), namespace: \(namespace) }\n"
            + "data: { \(key): 'client_id = \"\(id)\"' }"
    }

    private static func deployment(
        _ name: String, mounts: String, volumes: String, arguments: String = "--config=/etc/p/proxy.cfg"
    ) -> String {
        """
        kind: Deployment
        apiVersion: apps/v1
        metadata: { name: \(name), namespace: auth }
        spec:
          template:
            spec:
              volumes: [\(volumes)]
              containers: [{ name: oauth2-proxy, args: [--provider=oidc, \(arguments)], volumeMounts: [\(mounts)] }]
        """
    }

    private static let maps = [
        map("one", "proxy.cfg", "one"), map("two", "proxy.cfg", "two"), map("two", "proxy.cfg", "foreign", namespace: "web"),
        map("one", "other.cfg", "foreign", namespace: "web"), map("three", "text", "three"),
        "kind: ConfigMap\napiVersion: v1\nmetadata: { name: web }\ndata: { nginx.conf: 'server { listen 80; }' }",
    ]

    /// The file is the one that is mounted where the command line names it.
    @Test(arguments: [
        ("{ name: v, mountPath: /etc/p }", "{ name: v, configMap: { name: one } }", "one"),
        ("{ name: v, mountPath: /etc/p/ }", "{ name: v, configMap: { name: two } }", "two"),
        ("{ name: v, mountPath: /etc/p/proxy.cfg, subPath: text }", "{ name: v, configMap: { name: three } }", "three"),
        (
            "{ name: v, mountPath: /etc/p }", "{ name: v, configMap: { name: three, items: [{ key: text, path: proxy.cfg }] } }",
            "three"
        ),
        ("{ name: v, mountPath: /etc/p }", "{ name: v, projected: { sources: [{ configMap: { name: two } }] } }", "two"),
        (
            "{ name: w, mountPath: /etc }, { name: v, mountPath: /etc/p }",
            "{ name: w, configMap: { name: one } }, { name: v, configMap: { name: two } }", "two"
        ),
    ])
    func theMountedFileIsRead(mounts: String, volumes: String, id: String) throws {
        let result = try Self.run(Self.maps + [Self.deployment("a", mounts: mounts, volumes: volumes)])
        #expect(YAMLWriter.text(result.configuration).contains("clientID: \(id)\n"))
    }

    @Test func aFileThatNobodyNamesIsNotRead() throws {
        let result = try Self.run(Self.maps + [Self.deployment("a", mounts: "", volumes: "", arguments: "--client-id=flag")])
        #expect(YAMLWriter.text(result.configuration).contains("clientID: flag\n"))
    }

    @Test(arguments: [("secret: { secretName: no }", "the Secret `no`"), ("emptyDir: {}", "the volume `v`")])
    func aMountedFileThatIsNotThereIsToldOf(volume: String, says: String) throws {
        let mounts = "{ name: v, mountPath: /etc/p }"
        let result = try Self.run(
            [Self.map("one", "proxy.cfg", "one"), Self.deployment("a", mounts: mounts, volumes: "{ name: v, \(volume) }")])
        #expect(result.remarks.contains { $0.weight == .todo && $0.text.contains(says) })
        #expect(!YAMLWriter.text(result.configuration).contains("clientID: one"))
    }

    /// Without a mount the name has to do, in the same namespace.
    @Test(arguments: [("auth", true), ("web", false)])
    func aFileOfAnotherNamespaceIsNotRead(namespace: String, isRead: Bool) throws {
        let map = Self.map("one", "proxy.cfg", "one", namespace: namespace)
        let result = try Self.run([map, Self.deployment("a", mounts: "", volumes: "")])
        #expect(YAMLWriter.text(result.configuration).contains("clientID: one") == isRead)
    }

    @Test(arguments: [
        (maps + [deployment("a", mounts: "", volumes: "")], "several files"),
        ([map("one", "a.cfg", "one"), map("two", "b.cfg", "two")], "several files"),
        ([deployment("a", mounts: "", volumes: ""), deployment("b", mounts: "", volumes: "")], "several containers"),
        (
            [
                map("one", "proxy.cfg", "one"), map("one", "proxy.cfg", "two"),
                deployment("a", mounts: "{ name: v, mountPath: /etc/p }", volumes: "{ name: v, configMap: { name: one } }"),
            ], "several of the ConfigMap `one`"
        ),
    ])
    func whatIsAmbiguousIsRefused(documents: [String], says: String) throws {
        let problem = try #require(throws: ImportProblem.self) { try Self.run(documents) }
        #expect(problem.text.contains(says))
    }

    /// What stands in the environment counts before what comes from a whole object, and the last of these.
    @Test func theLastOfSeveralSourcesCounts() throws {
        let result = try Self.run([
            "kind: ConfigMap\napiVersion: v1\nmetadata: { name: one }\ndata: { OAUTH2_PROXY_CLIENT_ID: one, OAUTH2_PROXY_COOKIE_NAME: one }",
            "kind: ConfigMap\napiVersion: v1\nmetadata: { name: two }\ndata: { OAUTH2_PROXY_CLIENT_ID: two, OAUTH2_PROXY_COOKIE_NAME: two }",
            """
            kind: Pod
            apiVersion: v1
            spec:
              containers:
                - name: oauth2-proxy
                  env: [{ name: OAUTH2_PROXY_CLIENT_ID, value: own }]
                  envFrom: [{ configMapRef: { name: one } }, { configMapRef: { name: two } }]
            """,
        ])
        let written = YAMLWriter.text(result.configuration)
        #expect(written.contains("clientID: own") && written.contains("name: two"))
    }
}
