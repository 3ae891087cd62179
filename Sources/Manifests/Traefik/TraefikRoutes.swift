extension GatewayManifest {
    var traefikRoutes: YAMLValue {
        ["middlewares": middlewares, "routers": .map(routers), "services": .map(services)]
    }

    private var middlewares: YAMLValue {
        [
            "gatehouse-strip": .noted(
                "Before Gatehouse is asked, what a client sent under these names is removed. Traefik cannot remove by the\nbeginning of a name or by another spelling: Gatehouse refuses what is left.",
                ["headers": ["customRequestHeaders": .map(removed)]]),
            "gatehouse-check": .noted(
                "When Gatehouse cannot be asked, nobody passes (500). Every answer but 2xx goes to the client.",
                [
                    "forwardAuth": [
                        "address": .string("http://\(gatehouse.checkHTTP.authority)/traefik"),
                        "trustForwardHeader": .noted("What Traefik has, never what the client says.", false),
                        "authResponseHeaders": .noted(
                            "Each is in every answer, empty when there is nothing to say.", .strings(takenFromTheAnswer)),
                    ]
                ]),
            "gatehouse": .noted(
                "Every router needs it, also those to Gatehouse's own pages: no path is exempt.",
                ["chain": ["middlewares": ["gatehouse-strip", "gatehouse-check"]]]),
        ]
    }

    private var removed: [YAMLEntry] {
        (strippedBeforeTheCheck + GatewayHeaders.untrustedForwarding.filter { !$0.hasPrefix("x-forwarded-") }
            + ["x-forwarded-prefix"]).map { YAMLEntry($0, "") }
    }

    /// Rules are not compared by length but by these numbers: Gatehouse's own paths, then the longest prefix.
    private var routers: [YAMLEntry] {
        let own = ownPaths.map { path in
            (rule: "Path(`\(path)`) || PathPrefix(`\(path)/`)", service: "gatehouse-web")
        }
        let applications = upstreams.map { upstream in
            (rule: "PathPrefix(`\(upstream.prefix)`)", service: service(upstream.address))
        }
        let all = own + applications
        return all.enumerated().map { index, route in
            YAMLEntry(
                "route\(index + 1)",
                [
                    "rule": .string(route.rule), "priority": .integer(all.count - index), "middlewares": ["gatehouse"],
                    "service": .string(route.service),
                ])
        }
    }

    private var services: [YAMLEntry] {
        var seen: Set<NetworkAddress> = []
        let applications = upstreams.map(\.address).filter { seen.insert($0).inserted }
        return [YAMLEntry("gatehouse-web", balancer(gatehouse.web))]
            + applications.map { YAMLEntry(service($0), balancer($0)) }
    }

    private func service(_ address: NetworkAddress) -> String {
        "app-" + String(address.authority.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    }

    private func balancer(_ address: NetworkAddress) -> YAMLValue {
        ["loadBalancer": ["servers": [["url": .string("http://\(address.authority)")]], "passHostHeader": true]]
    }
}
