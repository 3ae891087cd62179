extension GatewayManifest {
    /// Traefik's two files: the static configuration, and the routes that it names.
    /// - Throws: `notWithThisGateway`.
    package func traefik() throws(EnvoyManifestProblem) -> [ManifestFile] {
        let web = try traefikHost(gatehouse.web)
        _ = try traefikHost(gatehouse.checkHTTP)
        let origin = ConfigurationText.origin("Traefik", command: "traefik").split(separator: "\n").map { "# \($0)\n" }.joined()
        return [
            ManifestFile(name: "traefik.yaml", text: origin + YAMLWriter.text(traefikStatic)),
            ManifestFile(
                name: Self.routesFile, text: origin + YAMLWriter.text(["http": traefikRoutes(web: web)]),
                isPrivate: gatehouse.proxySecret != nil),
        ]
    }

    /// Traefik reaches Gatehouse over TCP only, and looks in its certificate for the host that it connects to.
    private func traefikHost(_ listener: GatehouseListener) throws(EnvoyManifestProblem) -> NetworkAddress {
        guard case .tcp(let address) = listener.place else {
            throw .notWithThisGateway(what: "Traefik does not ask over Unix sockets", mend: "let Gatehouse listen on a port")
        }
        if let tls = listener.tls, tls.serverName != address.host {
            throw .notWithThisGateway(
                what: "Traefik looks in the certificate for the host that it connects to",
                mend: "give the name as --gatehouse-host")
        }
        return address
    }

    private static var routesFile: String { "traefik-routes.yaml" }

    private var traefikStatic: YAMLValue {
        [
            "global": ["checkNewVersion": false, "sendAnonymousUsage": false],
            "entryPoints": .map(
                listeners.enumerated().map { index, address in
                    YAMLEntry("clients\(index + 1)", entryPoint(address, isFirst: index == 0))
                }),
            "providers": [
                "file": [
                    "filename": .noted("In the folder in which Traefik is started.", .string(Self.routesFile))
                ]
            ],
        ]
    }

    private var forwardedHeaders: YAMLValue {
        guard trustedHops > 0 else {
            return .noted("The client's own X-Forwarded-… do not count.", ["insecure": false, "trustedIPs": .list([])])
        }
        return .noted(
            "The proxies in front: `listen.trustedProxies` of Gatehouse, which knows its own among them.",
            ["insecure": false, "trustedIPs": .strings(trustedProxies)])
    }

    private func entryPoint(_ address: NetworkAddress, isFirst: Bool) -> YAMLValue {
        [
            "address": .string(address.authority),
            "forwardedHeaders": forwardedHeaders,
            "http": [
                "sanitizePath": .noted(
                    "Gatehouse and the applications must see the same path: /public/../admin is /admin, //admin is /admin, and a\nslash or backslash in percent encoding is refused (400).",
                    true),
                "encodedCharacters": [
                    "allowEncodedSlash": false, "allowEncodedBackSlash": false, "allowEncodedNullCharacter": false,
                    "allowEncodedSemicolon": true, "allowEncodedPercent": true, "allowEncodedQuestionMark": true,
                    "allowEncodedHash": true,
                ],
            ],
            "transport": [
                "respondingTimeouts": [
                    "readTimeout": .noted("Uploads last as long as they move.", "0s"), "idleTimeout": "180s",
                ]
            ],
        ]
    }
}
