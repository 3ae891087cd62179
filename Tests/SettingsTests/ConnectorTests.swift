import JOSE
import Settings
import Testing

/// `provider.connectors`
@Suite struct ConnectorTests {
    private static func with(_ ldap: String, id: String = "ldap", type: String = "ldap") -> String {
        Fixture.provider + "  connectors: [{ id: \(id), type: \(type), name: Directory, ldap: { \(ldap) } }]\n"
    }

    private static let search = "userSearch: { baseDN: ou=people, username: uid }"

    private static func read(_ ldap: String) throws -> LDAPSettings {
        let connectors = try Fixture.read(with(ldap)).configuration.provider?.connectors
        guard case .ldap(let settings)? = connectors?.first?.kind else { throw Missing() }
        return settings
    }

    private struct Missing: Error {}

    @Test func withoutMoreItIsLDAPSAndDexsDefaults() throws {
        let ldap = try Self.read("host: ldap.example.com, \(Self.search)")
        #expect(ldap.hosts == ["ldap.example.com:636"])
        #expect([ldap.insecureNoSSL, ldap.startTLS, ldap.insecureSkipVerify] == [false, false, false])
        #expect([ldap.userSearch.idAttr, ldap.userSearch.emailAttr] == ["uid", "mail"])
        #expect(ldap.userSearch.scope == .sub)
        #expect(ldap.groupSearch == nil)
        #expect([ldap.connectTimeout, ldap.timeout, ldap.signInTimeout] == [5, 10, 30])
    }

    @Test(arguments: [
        ("host: ldap.example.com, startTLS: true", ["ldap.example.com:389"]),
        ("host: \"ldap:1389\", startTLS: true", ["ldap:1389"]),
        ("hosts: [a.example.com, \"[::1]:10636\"]", ["a.example.com:636", "[::1]:10636"]),
    ])
    func hostsHaveTheirPort(_ hosts: String, _ read: [String]) throws {
        #expect(try Self.read("\(hosts), \(Self.search)").hosts == read)
    }

    @Test func everyOptionIsRead() throws {
        let ldap = try Self.read(
            """
            host: ldap, rootCA: ca.crt, clientCert: own.crt, clientKey: own.key, bindDN: cn=x, bindPW: { file: client.secret },
                usernamePrompt: Number, connectTimeout: 2s, timeout: 4s, signInTimeout: 1m,
                userSearch: { baseDN: ou=people, filter: (a=b), username: "uid, mail", scope: one, idAttr: DN,
                nameAttr: cn, preferredUsernameAttr: sn, emailSuffix: example.com }, groupSearch: { baseDN: ou=groups,
                filter: "(&(a=b)(c=d))", scope: one, nameAttr: name, userMatchers: [{ userAttr: DN, groupAttr: "member:1.2.3:",
                recursionGroupAttr: member }] }
            """)
        #expect(
            [ldap.rootCA, ldap.clientCert, ldap.clientKey] == ["ca.crt", "own.crt", "own.key"].map { "/etc/gatehouse/" + $0 })
        #expect(ldap.bindDN == "cn=x" && ldap.bindPW?.bytes.count == 32 && ldap.usernamePrompt == "Number")
        #expect([ldap.connectTimeout, ldap.timeout, ldap.signInTimeout] == [2, 4, 60])
        #expect(
            ldap.userSearch.username == ["uid", "mail"] && ldap.userSearch.filter == "(a=b)" && ldap.userSearch.scope == .one)
        let matcher = try #require(ldap.groupSearch?.userMatchers.first)
        #expect([matcher.userAttr, matcher.groupAttr, matcher.recursionGroupAttr] == ["DN", "member:1.2.3:", "member"])
    }

    static let refused: [(yaml: String, says: String)] = [
        (with(search), "`host` is missing"),
        (with("host: a, hosts: [b], \(search)"), "`host` and `hosts` are both there"),
        (with("host: ldaps://a, \(search)"), "is not `host` or `host:port`; write it like `ldap.example.com:636`"),
        (with("host: a"), "`userSearch` is missing"),
        (with("host: a, userSearch: { username: uid }"), "`baseDN` is missing"),
        (with("host: a, userSearch: { baseDN: x }"), "`username` is missing"),
        (with("host: a, insecureNoSSL: true, startTLS: true, \(search)"), "are both there; keep `startTLS`"),
        (with("host: a, bindDN: cn=x, \(search)"), "`bindDN` goes with `bindPW`"),
        (with("host: a, bindPW: { file: client.secret }, \(search)"), "`bindPW` goes with `bindDN`"),
        (with("host: a, clientCert: own.crt, \(search)"), "`clientCert` goes with `clientKey`"),
        (with("host: a, userSearch: { baseDN: x, username: \"uid)(\" }"), "is no list of attributes"),
        (with("host: a, userSearch: { baseDN: x, username: uid, filter: a=b }"), "is no filter; write it in parentheses"),
        (with("host: a, userSearch: { baseDN: x, username: uid, filter: \"(a=b)(c=d)\" }"), "is no filter"),
        (with("host: a, userSearch: { baseDN: x, username: uid, filter: \"((a=b)\" }"), "is no filter"),
        (with("host: a, userSearch: { baseDN: x, username: uid, emailSuffix: y }"), "`emailSuffix` goes with `nameAttr`"),
        (with("host: a, userSearch: { baseDN: x, username: uid, scope: base }"), "write one of `sub`, `one`"),
        (with("host: a, \(search), groupSearch: { baseDN: x }"), "`userMatchers` is missing"),
        (with("host: a, \(search), groupSearch: { baseDN: x, userMatchers: [{ userAttr: DN }] }"), "`groupAttr` is missing"),
        (with("host: a, \(search), groupSearch: { baseDN: x, userAttr: uid }"), "`userAttr` and `groupAttr` go together"),
        (with("host: a, \(search), userSerch: {}"), "did you mean `userSearch`?"),
        (with("host: a, \(search)", id: "local"), "the connector id `local` is for `users`"),
        (with("host: a, \(search)", id: "a/b"), "is not an id"),
        (with("host: a, \(search)", type: "saml"), "`saml` is not supported by this version yet"),
        (Fixture.provider + "  connectors: [{ id: a, type: ldap, name: A }]\n", "`ldap` is missing"),
    ]

    @Test(arguments: refused) func refuses(_ refused: (yaml: String, says: String)) {
        let errors = Fixture.errors(refused.yaml)
        #expect(errors.count == 1 && errors.contains { $0.contains(refused.says) }, "\(errors)")
    }

    @Test(arguments: [
        ("host: a, insecureNoSSL: true", "passwords go to the directory in clear text"),
        ("host: a, insecureSkipVerify: true", "the directory's certificate is not verified"),
    ])
    func warns(_ ldap: String, says: String) throws {
        #expect(try Fixture.warnings(Self.with("\(ldap), \(Self.search)")).contains { $0.contains(says) })
    }

    @Test func anIDIsThereOnce() {
        let one = "{ id: a, type: ldap, name: A, ldap: { host: a, \(Self.search) } }"
        #expect(
            Fixture.errors(Fixture.provider + "  connectors: [\(one), \(one)]\n").contains {
                $0.contains("the connector id `a` is there already")
            })
    }
}
