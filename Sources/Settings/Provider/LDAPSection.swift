import JOSE
import Yams

/// `provider.connectors[].ldap`
enum LDAPSection {
    static let host = Key.optional("host", .text(), "`host` or `host:port`; port 636, or 389 with `startTLS` or `insecureNoSSL`.")
    static let hosts = Key.optional("hosts", .list(of: .text()), "Several servers of one directory, tried in this order.")
    static let insecureNoSSL = Key.defaulted("insecureNoSSL", .boolean(), false, "Clear text: passwords can be read on the way.")
    static let startTLS = Key.defaulted("startTLS", .boolean(), false, "TLS by StartTLS on the plain port.")
    static let insecureSkipVerify = Key.defaulted(
        "insecureSkipVerify", .boolean(), false, "Takes any certificate: whoever is in the way can read passwords.")
    static let rootCA = Key.optional("rootCA", .file(), "PEM: who signs the servers' certificates; the system's without it.")
    static let clientCert = Key.optional("clientCert", .file(), "PEM: our certificate.")
    static let clientKey = Key.optional("clientKey", .file(), "PEM: its private key.")
    static let bindDN = Key.optional("bindDN", .text(), "Who searches; nobody without it.")
    static let bindPW = Key.optional("bindPW", .secret(.directoryPassword), "The password of `bindDN`.")
    static let usernamePrompt = Key.optional("usernamePrompt", .text(), "The label of what people type; `User name` otherwise.")
    static let connectTimeout = Key.defaulted(
        "connectTimeout", .duration(atLeast: 1, atMost: 60), 5, "After which a server that cannot be reached is given up.")
    static let timeout = Key.defaulted("timeout", .duration(atLeast: 1, atMost: 60), 10, "How long an answer may take.")
    static let signInTimeout = Key.defaulted(
        "signInTimeout", .duration(atLeast: 1, atMost: 300), 30,
        "How long all that a sign-in asks may take, the wait for its turn included.")
    static let userSearch = Key.required(
        "userSearch", LDAPUserSection.section.shape, standIn: LDAPUserSection.standIn, "How entries of users are found and read.")
    static let groupSearch = Key.optional(
        "groupSearch", LDAPGroupSection.section.shape, "How groups are found; nobody has groups without it.")

    static let section = Section(
        "ldap",
        [
            host.listed, hosts.listed, insecureNoSSL.listed, startTLS.listed, insecureSkipVerify.listed, rootCA.listed,
            clientCert.listed, clientKey.listed, bindDN.listed, bindPW.listed, usernamePrompt.listed, connectTimeout.listed,
            timeout.listed, signInTimeout.listed, userSearch.listed, groupSearch.listed,
        ]
    ) { fields in
        let settings = LDAPSettings(
            hosts: addresses(fields), insecureNoSSL: fields(insecureNoSSL), startTLS: fields(startTLS),
            insecureSkipVerify: fields(insecureSkipVerify), rootCA: fields(rootCA), clientCert: fields(clientCert),
            clientKey: fields(clientKey), bindDN: fields(bindDN), bindPW: fields(bindPW),
            usernamePrompt: fields(usernamePrompt), connectTimeout: fields(connectTimeout), timeout: fields(timeout),
            signInTimeout: fields(signInTimeout), userSearch: fields(userSearch), groupSearch: fields(groupSearch))
        LDAPChecks.run(settings, fields)
        return settings
    }

    private static func addresses(_ fields: Fields) -> [String] {
        let port = fields(insecureNoSSL) || fields(startTLS) ? 389 : 636
        let texts = fields(hosts) ?? fields(host).map { [$0] } ?? []
        if fields.given(host.name) != nil, fields.given(hosts.name) != nil {
            fields.reading.error("`host` and `hosts` are both there", "keep one of them", at: fields.node)
        } else if texts.isEmpty, fields.reading.isSound(fields.reading.way) {
            fields.reading.error("`host` is missing", "add `host: ldap.example.com`", at: fields.node)
        }
        return texts.compactMap { text in
            guard let (name, given) = HostName.parseWithPort(text[...]) else {
                fields.reading.error(
                    "\(quoted(text)) is not `host` or `host:port`", "write it like `ldap.example.com:636`, without `ldaps://`",
                    at: fields.given(hosts.name) ?? fields.given(host.name))
                return nil
            }
            return ListenAddress.tcp(host: name, port: given ?? port).text
        }
    }
}

/// What only the keys of an LDAP connector together tell.
private enum LDAPChecks {
    static func run(_ settings: LDAPSettings, _ fields: Fields) {
        if settings.insecureNoSSL, settings.startTLS {
            fields.reading.error(
                "`insecureNoSSL` and `startTLS` are both there", "keep `startTLS`", at: fields.given("insecureNoSSL"))
        }
        if settings.insecureNoSSL {
            fields.reading.warning(
                "passwords go to the directory in clear text", "use `startTLS: true`, or leave `insecureNoSSL` out",
                at: fields.given("insecureNoSSL"))
        }
        if settings.insecureSkipVerify {
            fields.reading.warning(
                "the directory's certificate is not verified", "give `rootCA` instead", at: fields.given("insecureSkipVerify"))
        }
        together("bindDN", "bindPW", fields)
        together("clientCert", "clientKey", fields)
    }

    private static func together(_ one: String, _ other: String, _ fields: Fields) {
        switch (fields.given(one), fields.given(other)) {
        case (nil, nil), (_?, _?): return
        case (let node?, nil): fields.reading.error("`\(one)` goes with `\(other)`", "add `\(other)`", at: node)
        case (nil, let node?): fields.reading.error("`\(other)` goes with `\(one)`", "add `\(one)`", at: node)
        }
    }
}
