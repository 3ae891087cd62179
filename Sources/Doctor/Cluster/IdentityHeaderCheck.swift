import JOSE
import Settings

/// Who sets the identity headers: our reply or the token, never both; and whether a client's own are taken away.
enum IdentityHeaderCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let headers = cluster.configuration.authService?.identityHeaders ?? []
        guard !headers.isEmpty, cluster.asks else { return [] }
        let findings = mixed(cluster, headers) + stripped(cluster, headers)
        return findings.isEmpty ? [.ok("identity headers", "only Gatehouse's reply sets them")] : findings
    }

    /// Our own assertion comes with every accepted request of a user: what is made of its claims is there whenever it has to be.
    private static func mixed(_ cluster: Cluster, _ headers: [String]) -> [Finding] {
        let assertion = cluster.configuration.assertionIssuer
        return claims(cluster).flatMap { object, rules, name in
            rules.filter { assertion == nil || $0.text("issuer") != assertion }.flatMap { $0.list(name) }
                .compactMap { $0.text("header")?.lowercased() }.filter(headers.contains).map { header in
                    .failure(
                        object.subject,
                        "`\(name)` sets `\(header)` by another's token, which `identity` sets, too: without that token the gateway"
                            + " removes what Gatehouse has set",
                        mend: "remove it there: either our reply sets the headers, or our assertion does")
                }
        }
    }

    /// Rules about tokens, and which of their members makes headers of claims.
    private static func claims(_ cluster: Cluster) -> [(object: ClusterObject, rules: [JSONValue], name: String)] {
        cluster.objects(of: "RequestAuthentication").map { ($0, $0.content.list("spec", "jwtRules"), "outputClaimToHeaders") }
            + cluster.securityPolicies.map(\.object).map { ($0, $0.content.list("spec", "jwt", "providers"), "claimToHeaders") }
    }

    /// Over gRPC a reply removes what it does not set; over HTTP it cannot.
    private static func stripped(_ cluster: Cluster, _ headers: [String]) -> [Finding] {
        guard cluster.asksOverHTTP else { return [] }
        let removed = strippedByFilters(cluster) + strippedByPolicies(cluster)
        let kept = headers.filter { header in !removed.contains { $0.takes(header) } }
        guard !kept.isEmpty else { return [] }
        let (kind, what, writer) =
            cluster.askingSecurityPolicies.isEmpty
            ? ("EnvoyFilter", "early_header_mutation_extensions", "istio")
            : ("ClientTrafficPolicy", "earlyRequestHeaders", "envoy-gateway")
        return [
            .failure(
                "identity headers",
                "the gateway asks over HTTP, whose replies remove nothing, and no \(kind) for the gateway takes a client's own"
                    + " \(kept.joined(separator: ", ")) away",
                mend: "ask over gRPC, or add \(what) as `gatehouse manifests \(writer)` writes them")
        ]
    }

    private static func strippedByFilters(_ cluster: Cluster) -> [StrippedName] {
        let filters = cluster.objects(of: "EnvoyFilter").filter { cluster.missed(by: $0) == nil }
        return filters.flatMap(FilterPatch.all).flatMap(\.strippedHeaders).map(StrippedName.name)
    }

    private static func strippedByPolicies(_ cluster: Cluster) -> [StrippedName] {
        let gateways = cluster.gatewaysOfBrowsers
        return cluster.objects(of: "ClientTrafficPolicy").filter(\.isOfEnvoyGateway).filter { policy in
            cluster.targets(of: policy).contains { cluster.reach(of: $0, gateways) == .gateway }
        }.flatMap { policy -> [StrippedName] in
            let early = policy.content.at("spec", "headers", "earlyRequestHeaders")
            return (early?.texts("remove") ?? []).map { .name($0.lowercased()) }
                + (early?.list("removeOnMatch") ?? []).compactMap(StrippedName.init)
        }
    }
}

/// Headers that are taken away before anything reads them, lower case.
private enum StrippedName {
    case name(String)
    case beginning(String)

    /// Of Envoy Gateway's `removeOnMatch`; nil for patterns, which are for other spellings.
    init?(_ match: JSONValue) {
        guard let value = match.text("value")?.lowercased() else { return nil }
        switch match.text("type") ?? "Exact" {
        case "Exact": self = .name(value)
        case "Prefix": self = .beginning(value)
        default: return nil
        }
    }

    func takes(_ header: String) -> Bool {
        switch self {
        case .name(let name): name == header
        case .beginning(let beginning): header.hasPrefix(beginning)
        }
    }
}
