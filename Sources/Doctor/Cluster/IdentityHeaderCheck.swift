import JOSE
import Settings

/// Who sets the identity headers: our reply or the token, never both; and whether a client's own are taken away.
enum IdentityHeaderCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let headers = cluster.configuration.authService?.identityHeaders ?? []
        guard !headers.isEmpty, !cluster.askingPolicies.isEmpty || !cluster.askingFilters.isEmpty else { return [] }
        let findings = mixed(cluster, headers) + stripped(cluster, headers)
        return findings.isEmpty ? [.ok("identity headers", "only Gatehouse's reply sets them")] : findings
    }

    /// Our own assertion comes with every accepted request of a user: what is made of its claims is there whenever it has to be.
    private static func mixed(_ cluster: Cluster, _ headers: [String]) -> [Finding] {
        let assertion = cluster.configuration.assertionIssuer
        return cluster.objects(of: "RequestAuthentication").flatMap { object in
            object.content.list("spec", "jwtRules").filter { assertion == nil || $0.text("issuer") != assertion }
                .flatMap { $0.list("outputClaimToHeaders") }
                .compactMap { $0.text("header")?.lowercased() }.filter(headers.contains).map { header in
                    .failure(
                        object.subject,
                        "`outputClaimToHeaders` sets `\(header)` by another's token, which `identity` sets, too: without that token Istio"
                            + " removes what Gatehouse has set",
                        mend: "remove it there: either our reply sets the headers, or our assertion does")
                }
        }
    }

    /// Over gRPC a reply removes what it does not set; over HTTP it cannot.
    private static func stripped(_ cluster: Cluster, _ headers: [String]) -> [Finding] {
        guard cluster.asksOverHTTP else { return [] }
        let filters = cluster.objects(of: "EnvoyFilter").filter { cluster.missed(by: $0) == nil }
        let removed = filters.flatMap(FilterPatch.all).flatMap(\.strippedHeaders)
        let kept = headers.filter { !removed.contains($0) }
        guard !kept.isEmpty else { return [] }
        return [
            .failure(
                "identity headers",
                "the gateway asks over HTTP, whose replies remove nothing, and no EnvoyFilter for the gateway takes a client's own"
                    + " \(kept.joined(separator: ", ")) away",
                mend: "ask over gRPC, or add early_header_mutation_extensions as `gatehouse manifests istio` writes them")
        ]
    }
}
