import Settings

/// Whether the public URLs, the issuer and the listeners fit each other.
enum AddressCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { findings(seen.configuration) }

    static func findings(_ configuration: Configuration) -> [Finding] {
        let findings =
            ownListeners(configuration) + forwarded(configuration) + schemes(configuration) + outside(configuration.listen)
        guard findings.isEmpty else { return findings }
        let urls = configuration.authService?.publicURLs.map(\.origin) ?? []
        return [.ok("addresses", urls.isEmpty ? "the listeners fit" : "\(urls.joined(separator: ", ")) and the listeners fit")]
    }

    /// The gateway is what browsers have to reach.
    private static func ownListeners(_ configuration: Configuration) -> [Finding] {
        let listeners = [configuration.listen.checkHTTP, configuration.listen.checkGRPC, configuration.listen.web]
        let ports = listeners.compactMap { if case .tcp(_, let port) = $0.address { port } else { nil } }
        return (configuration.authService?.publicURLs ?? []).filter { $0.isLoopback && ports.contains($0.effectivePort) }.map {
            .failure(
                "public URL \($0.origin)", "it is one of Gatehouse's own listeners, not the gateway's",
                mend: "write the origin under which browsers reach the gateway")
        }
    }

    private static func forwarded(_ configuration: Configuration) -> [Finding] {
        let isSecure = configuration.authService?.publicURLs.contains(where: \.isSecure) ?? false
        guard isSecure, configuration.listen.trustedProxies.isEmpty, configuration.listen.web.tls == nil else { return [] }
        return [
            .failure(
                "listen.trustedProxies", "it is empty, so that nobody's X-Forwarded-Proto counts and https pages look like http",
                mend: "add the gateway's addresses")
        ]
    }

    private static func schemes(_ configuration: Configuration) -> [Finding] {
        guard let issuer = configuration.provider?.issuer, let urls = configuration.authService?.publicURLs else { return [] }
        var findings: [Finding] = []
        if let same = urls.first(where: { $0.host == issuer.host && $0.isSecure != issuer.isSecure && $0.port == issuer.port }) {
            findings.append(
                .failure(
                    "issuer \(issuer.text)",
                    "it is \(issuer.scheme), and the public URL \(same.text) of the same host \(same.scheme)",
                    mend: "write both with \(same.isSecure ? same.scheme : issuer.scheme)"))
        }
        if !issuer.isSecure, !issuer.isLoopback {
            findings.append(
                .warning(
                    "issuer \(issuer.text)", "it is http: passwords travel in clear text", mend: "use https outside of trials"))
        }
        return findings
    }

    /// Listeners that other machines reach, and nothing that keeps strangers from asking.
    private static func outside(_ listen: ListenSettings) -> [Finding] {
        guard !listen.admin.address.isLoopback, listen.adminToken == nil else { return [] }
        return [
            .ok(
                "listen.admin", "health and figures are open to other machines; the administration's API answers on loopback only"
            )
        ]
    }
}
