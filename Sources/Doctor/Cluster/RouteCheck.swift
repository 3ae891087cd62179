import JOSE
import Settings

/// Whether a route leads to the pages that the web listener answers: those of the provider, and over HTTP our own.
enum RouteCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        guard let service = cluster.configuration.authService else { return [] }
        let issuer = cluster.configuration.provider?.issuer
        let behind = issuer.map { issuer in service.publicURLs.contains { $0.host == issuer.host } } ?? false
        let paths = [behind ? issuer?.path : nil, cluster.asksOverHTTP ? service.path : nil].compactMap { $0 }
        return paths.map { finding($0, cluster) }
    }

    private static func finding(_ path: String, _ cluster: Cluster) -> Finding {
        let subject = "path \(path)"
        let routes = cluster.objects(of: "VirtualService") + cluster.objects(of: "HTTPRoute")
        let leading = routes.filter { prefixes($0).contains { covers($0, path) } }
        let (kind, writer) = cluster.askingSecurityPolicies.isEmpty ? ("VirtualService", "istio") : ("HTTPRoute", "envoy-gateway")
        let mend = "add one to Gatehouse's Service with prefix `\(path)/`, as `gatehouse manifests \(writer)` writes it"
        guard !leading.isEmpty else {
            return routes.isEmpty
                ? .warning(
                    subject, "no \(kind) is among the files, so whether a route leads to it cannot be told", mend: mend)
                : .failure(subject, "no \(kind) leads to it: browsers get 404 where they are to sign in", mend: mend)
        }
        guard let route = leading.first(where: { leadsToUs($0, path, cluster) }) else {
            return .failure(
                subject, "\(leading.map(\.subject).joined(separator: ", ")) leads it elsewhere than to Gatehouse's Service",
                mend: mend)
        }
        return .ok(subject, "\(route.subject) leads to it")
    }

    /// Of both kinds of routes.
    private static func prefixes(_ route: ClusterObject) -> [String] {
        let istio = route.content.list("spec", "http").flatMap { $0.list("match") }
            .compactMap { $0.text("uri", "prefix") ?? $0.text("uri", "exact") }
        let gateway = route.content.list("spec", "rules").flatMap { $0.list("matches") }.compactMap { $0.text("path", "value") }
        return istio + gateway
    }

    private static func covers(_ prefix: String, _ path: String) -> Bool {
        prefix != "/" && (prefix == path || prefix == path + "/" || path.hasPrefix(prefix.hasSuffix("/") ? prefix : prefix + "/"))
    }

    /// To a Service of the namespace whose Service the gateway asks; to any where that is not among the files.
    private static func leadsToUs(_ route: ClusterObject, _ path: String, _ cluster: Cluster) -> Bool {
        let hosts =
            route.content.list("spec", "http").filter { rule in
                rule.list("match").contains {
                    ($0.text("uri", "prefix") ?? $0.text("uri", "exact")).map { covers($0, path) } ?? false
                }
            }.flatMap { $0.list("route") }.compactMap { $0.text("destination", "host") }
            + route.content.list("spec", "rules").filter { rule in
                rule.list("matches").contains { $0.text("path", "value").map { covers($0, path) } ?? false }
            }.flatMap { $0.list("backendRefs") }.compactMap { $0.text("name") }
        let ours = Set(cluster.namedServices.map(\.namespace))
        guard !ours.isEmpty else { return true }
        return hosts.contains { host in
            cluster.services(at: host).contains { ours.contains($0.namespace) }
        }
    }
}
