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
        let filtered = strippedByFilters(cluster)
        let left = headers.filter { !filtered.contains($0) }
        guard !cluster.askingSecurityPolicies.isEmpty else {
            return unstripped(left, by: ("EnvoyFilter", "early_header_mutation_extensions", "istio"))
        }
        let policies = trafficPolicies(cluster)
        let isWholeStripped = policies.contains { $0.reach == .gateway }
        return unstripped(isWholeStripped ? [] : left, by: ("ClientTrafficPolicy", "earlyRequestHeaders", "envoy-gateway"))
            + policies.flatMap { kept(left, $0.object) }
    }

    private static func unstripped(_ headers: [String], by means: (kind: String, member: String, writer: String)) -> [Finding] {
        guard !headers.isEmpty else { return [] }
        return [
            .failure(
                "identity headers",
                "the gateway asks over HTTP, whose replies remove nothing, and no \(means.kind) for the gateway takes a client's own"
                    + " \(headers.joined(separator: ", ")) away",
                mend: "ask over gRPC, or add \(means.member) as `gatehouse manifests \(means.writer)` writes them")
        ]
    }

    /// What one of the gateway's policies leaves in: for its listener, or as the older of two, it is the only one that counts.
    private static func kept(_ headers: [String], _ policy: ClusterObject) -> [Finding] {
        let names = StrippedName.all(of: policy)
        let kept = headers.filter { header in !names.contains { $0.takes(header) } }
        guard !kept.isEmpty else { return [] }
        return [
            .failure(
                policy.subject,
                "the gateway asks over HTTP, whose replies remove nothing, and where this one counts, a client's own"
                    + " \(kept.joined(separator: ", ")) gets through",
                mend: "ask over gRPC, or add earlyRequestHeaders as `gatehouse manifests envoy-gateway` writes them")
        ]
    }

    private static func strippedByFilters(_ cluster: Cluster) -> [String] {
        let filters = cluster.objects(of: "EnvoyFilter").filter { cluster.missed(by: $0) == nil }
        return filters.flatMap(FilterPatch.all).flatMap(\.strippedHeaders)
    }

    /// Envoy Gateway's, for the gateway of browsers or a listener of it.
    private static func trafficPolicies(_ cluster: Cluster) -> [(object: ClusterObject, reach: PolicyReach)] {
        let gateways = cluster.gatewaysOfBrowsers
        return cluster.objects(of: "ClientTrafficPolicy").filter(\.isOfEnvoyGateway).compactMap { policy in
            let reaches = cluster.targets(of: policy).map { cluster.reach(of: $0, gateways) }
            return (reaches.first { $0 == .gateway } ?? reaches.first(where: \.isPart)).map { (policy, $0) }
        }
    }
}

/// Headers that are taken away before anything reads them, lower case.
private enum StrippedName {
    case name(String)
    case beginning(String)

    /// Of a ClientTrafficPolicy.
    static func all(of policy: ClusterObject) -> [StrippedName] {
        let early = policy.content.at("spec", "headers", "earlyRequestHeaders")
        return (early?.texts("remove") ?? []).map { .name($0.lowercased()) }
            + (early?.list("removeOnMatch") ?? []).compactMap(StrippedName.init)
    }

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
