extension GatewayManifest {
    func traefikRoutes(web: NetworkAddress) -> YAMLValue {
        let routes: YAMLValue = [
            "middlewares": middlewares, "routers": .map(routers), "services": .map(services(web: web)),
        ]
        return gatehouse.web.tls.map { routes.adding(["serversTransports": ["gatehouse": transport($0)]]) } ?? routes
    }

    /// TLS to the web listener.
    private func transport(_ tls: GatehouseTLS) -> YAMLValue {
        let transport: YAMLValue = ["serverName": .string(tls.serverName), "rootCAs": .strings([tls.authority])]
        guard let client = tls.client else { return transport }
        return transport.adding([
            "certificates": [["certFile": .string(client.certificate), "keyFile": .string(client.key)]]
        ])
    }

    /// TLS to the check's listener; the host in the address is the name.
    private var checkTLS: YAMLValue {
        guard let tls = gatehouse.checkHTTP.tls else { return [:] }
        let own: YAMLValue =
            tls.client.map { ["cert": .string($0.certificate), "key": .string($0.key)] } ?? [:]
        return ["tls": own.adding(["ca": .string(tls.authority)])]
    }

    /// The check is sent what the request holds, so the secret has to be there for a while.
    private var secretLeaves: YAMLValue {
        guard gatehouse.proxySecret != nil else { return [:] }
        return [
            "gatehouse-secret-leaves": .noted(
                "The check has seen it; applications must not.",
                ["headers": ["customRequestHeaders": .map([YAMLEntry(Self.secretHeader, "")])]])
        ]
    }

    private var middlewares: YAMLValue {
        let middlewares: YAMLValue = [
            "gatehouse-strip": .noted(
                "Before Gatehouse is asked, what a client sent under these names is removed. Traefik cannot remove by the\nbeginning of a name or by another spelling: Gatehouse refuses what is left.",
                ["headers": ["customRequestHeaders": .map(removed)]]),
            "gatehouse-check": .noted(
                "When Gatehouse cannot be asked, nobody passes (500). Every answer but 2xx goes to the client.",
                [
                    "forwardAuth":
                        ([
                            "address": .string("\(gatehouse.checkHTTP.scheme)://\(gatehouse.checkHTTP.authority)/traefik"),
                            "trustForwardHeader": trustForwardHeader,
                            "authResponseHeaders": .noted(
                                "Each is in every answer, empty when there is nothing to say; the client's credentials as the application is\nto get them, and not at all where it is to get none.",
                                .strings(takenFromTheAnswer)),
                        ] as YAMLValue).adding(checkTLS)
                ]),
            "gatehouse": .noted(
                "Every router needs it, also those to Gatehouse's own pages: no path is exempt.",
                chain(gatehouse.proxySecret == nil ? [] : ["gatehouse-secret-leaves"])),
        ]
        return middlewares.adding(secretLeaves).adding(ownPages)
    }

    private func chain(_ last: [String]) -> YAMLValue {
        ["chain": ["middlewares": .strings(["gatehouse-strip", "gatehouse-check"] + last)]]
    }

    /// To the web listener, which asks for the secret as the check does.
    private var ownPages: YAMLValue {
        guard gatehouse.proxySecret != nil else { return [:] }
        return [Self.ownChain: .noted("For Gatehouse's own pages, which the secret has to reach.", chain([]))]
    }

    private static let ownChain = "gatehouse-own-pages"

    private var trustForwardHeader: YAMLValue {
        trustedHops == 0
            ? .noted("What Traefik has, never what the client says.", false)
            : .noted("Of a trusted proxy in front, for the client's address and scheme; the rest has been removed.", true)
    }

    /// Behind trusted proxies forwardAuth would believe these of anybody whose words a proxy passes on.
    private var forwardedRequest: [String] {
        trustedHops == 0 ? [] : ["x-forwarded-host", "x-forwarded-method", "x-forwarded-uri", "x-forwarded-port"]
    }

    private var removed: [YAMLEntry] {
        (strippedBeforeTheCheck + GatewayHeaders.untrustedForwarding.filter { !$0.hasPrefix("x-forwarded-") }
            + ["x-forwarded-prefix"] + forwardedRequest).map { YAMLEntry($0, "") }
            + (gatehouse.proxySecret.map { [YAMLEntry(Self.secretHeader, .string($0))] } ?? [])
    }

    /// Rules are not compared by length but by these numbers: Gatehouse's own paths, then the longest prefix.
    private var routers: [YAMLEntry] {
        let own = ownPaths.map { path in
            (
                rule: "Path(`\(path)`) || PathPrefix(`\(path)/`)", service: "gatehouse-web",
                chain: gatehouse.proxySecret == nil ? "gatehouse" : Self.ownChain
            )
        }
        let applications = upstreams.map { upstream in
            (rule: "PathPrefix(`\(upstream.prefix)`)", service: service(upstream.address), chain: "gatehouse")
        }
        let all = own + applications
        return all.enumerated().map { index, route in
            YAMLEntry(
                "route\(index + 1)",
                [
                    "rule": .string(route.rule), "priority": .integer(all.count - index), "middlewares": .strings([route.chain]),
                    "service": .string(route.service),
                ])
        }
    }

    private func services(web: NetworkAddress) -> [YAMLEntry] {
        var seen: Set<NetworkAddress> = []
        let applications = upstreams.map(\.address).filter { seen.insert($0).inserted }
        let transport: YAMLValue = gatehouse.web.tls == nil ? [:] : ["serversTransport": "gatehouse"]
        return [YAMLEntry("gatehouse-web", ["loadBalancer": balancer(gatehouse.web.scheme, web).adding(transport)])]
            + applications.map { YAMLEntry(service($0), ["loadBalancer": balancer("http", $0)]) }
    }

    private func service(_ address: NetworkAddress) -> String {
        "app-" + String(address.authority.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    private func balancer(_ scheme: String, _ address: NetworkAddress) -> YAMLValue {
        ["servers": [["url": .string("\(scheme)://\(address.authority)")]], "passHostHeader": true]
    }
}
