/// The headers that a gateway strips from a client's request before it asks Gatehouse, and those that it takes from the answer.
struct GatewayHeaders {
    let identity: [String]
    let names: [String]
    let beginnings: [String]

    init(identity: [String], strip: [RemovedHeader]) {
        var names: [String] = []
        var beginnings: [String] = []
        for header in identity.compactMap(RemovedHeader.init(parsing:)) + strip {
            switch header {
            case .name(let name) where !names.contains(name): names.append(name)
            case .beginning(let beginning) where !beginnings.contains(beginning): beginnings.append(beginning)
            case .name, .beginning: break
            }
        }
        self.identity = Array(names.prefix { name in identity.contains { $0.lowercased() == name } })
        self.names = names
        self.beginnings = beginnings
    }

    /// The client's credentials: the check reads them, and what of them an application gets is up to its answer.
    static let neededByTheCheck: Set<String> = ["authorization", "cookie"]

    /// What a client could say about another request than the one that it sends, or about proxies that are not there.
    static let untrustedForwarding = [
        "forwarded", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-server", "x-original-host", "x-original-method",
        "x-original-uri", "x-original-url", "x-rewrite-url",
    ]
}

extension GatewayManifest {
    /// For gateways that compare a certificate with names only.
    func refuseAddressAsName() throws(EnvoyManifestProblem) {
        for tls in [gatehouse.web.tls, gatehouse.checkHTTP.tls].compactMap({ $0 }) where tls.serverNameIsAddress {
            throw .addressAsName(tls.serverName)
        }
    }

    static let clientNote =
        "The client as the first of the trusted proxies in front saw it: so many addresses from the right."

    /// What stands behind the client's address in X-Forwarded-For, as a regular expression: the proxies nearer than that first one.
    var nearerProxies: String { String(repeating: ",[^,]*", count: max(trustedHops - 1, 0)) }

    /// What goes before the check: everything stripped apart from the client's credentials.
    var strippedBeforeTheCheck: [String] {
        strippedNames.filter { !GatewayHeaders.neededByTheCheck.contains($0) }
    }

    /// What a gateway takes from the answer for the application: the identity headers, and the client's credentials, of which an
    /// answer says what goes on (`SentCredentials`).
    var takenFromTheAnswer: [String] {
        identityHeaders + credentialsFromTheAnswer.filter { !identityHeaders.contains($0) }
    }

    /// The client's credentials as the application gets them: without Gatehouse's cookies, and without a token or password that was
    /// for Gatehouse alone; or not at all, where the operator wants them stripped.
    var credentialsFromTheAnswer: [String] {
        (stripsCookies || strippedNames.contains("cookie") ? ["cookie"] : []) + ["authorization"]
    }
}
