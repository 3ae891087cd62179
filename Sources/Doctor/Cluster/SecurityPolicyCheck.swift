import JOSE
import Settings

/// How an Envoy Gateway asks: whom, with which headers, and what an error means.
enum SecurityPolicyCheck {
    static func findings(_ cluster: Cluster) -> [Finding] {
        cluster.askingSecurityPolicies.flatMap { policy in
            let findings =
                mistakes(policy, cluster).filter(\.isThere).map { .failure(policy.subject, $0.found, mend: $0.mend) }
                + policy.backends.flatMap { service($0, policy, cluster) } + body(policy)
            return findings.isEmpty ? [.ok(policy.subject, "service, port, headers and failures fit")] : findings
        }
    }

    private static func mistakes(
        _ policy: SecurityPolicy, _ cluster: Cluster
    ) -> [(isThere: Bool, found: String, mend: String)] {
        let unheard = unheard(policy)
        let untold = untold(policy, cluster)
        return [
            (
                policy.question?.text("failOpen") == "true",
                "`failOpen` is true: whenever Gatehouse does not answer, or the policy is not accepted, everybody passes",
                "remove it"
            ),
            (policy.backends.isEmpty, "it names nobody to ask", "name Gatehouse's Service in `backendRefs`"),
            (
                !unheard.isEmpty, "`headersToExtAuth` lacks \(unheard.joined(separator: ", ")): nobody is known",
                policy.dialect == .grpc ? "remove the list: over gRPC, every header is sent then" : "add it"
            ),
            (
                policy.dialect == .http && policy.server?.text("path") != "/envoy",
                "`path` is not `/envoy`, where this dialect is answered", "write `path: /envoy`"
            ),
            (
                !untold.isEmpty,
                "`headersToBackend` lacks \(untold.joined(separator: ", ")): applications get the client's own",
                "add every identity header"
            ),
        ]
    }

    /// Headers that tell who asks, and are not sent. Over HTTP `Authorization` always is; over gRPC all are, without a list.
    private static func unheard(_ policy: SecurityPolicy) -> [String] {
        let isListed = policy.question?.at("headersToExtAuth") != nil
        let listed = (policy.question?.texts("headersToExtAuth") ?? []).map { $0.lowercased() }
        switch policy.dialect {
        case .http: return ["cookie"].filter { !listed.contains($0) }
        case .grpc: return isListed ? ["authorization", "cookie"].filter { !listed.contains($0) } : []
        }
    }

    /// Over HTTP: what Gatehouse's answer sets, and the gateway does not take from it.
    private static func untold(_ policy: SecurityPolicy, _ cluster: Cluster) -> [String] {
        guard policy.dialect == .http else { return [] }
        let told = (policy.server?.texts("headersToBackend") ?? []).map { $0.lowercased() }
        return (cluster.configuration.authService?.identityHeaders ?? []).filter { !told.contains($0) }
    }

    private static func service(
        _ backend: SecurityPolicy.Backend, _ policy: SecurityPolicy, _ cluster: Cluster
    ) -> [Finding] {
        guard backend.kind == "Service" else {
            return [
                .warning(
                    policy.subject, "it asks \(backend.kind) \(backend.host), and whether that is ours cannot be told",
                    mend: "name Gatehouse's Service in `backendRefs`")
            ]
        }
        let findings = MeshService(cluster, policy.subject, backend.host, backend.port, policy.dialect).findings
        return findings.isEmpty ? grant(backend, policy, cluster) : findings
    }

    /// Who has a Service says which other namespaces may name it.
    private static func grant(_ backend: SecurityPolicy.Backend, _ policy: SecurityPolicy, _ cluster: Cluster) -> [Finding] {
        let namespace = policy.object.namespace
        guard backend.namespace != namespace else { return [] }
        let isGranted = cluster.objects(of: "ReferenceGrant").contains { grant in
            grant.namespace == backend.namespace
                && grant.content.list("spec", "from").contains { $0.isSecurityPolicies(of: namespace) }
                && grant.content.list("spec", "to").contains { $0.isService(backend.name) }
        }
        guard !isGranted else { return [] }
        return [
            .failure(
                policy.subject,
                "no ReferenceGrant in \(backend.namespace) lets SecurityPolicies of \(namespace) name Service \(backend.name):"
                    + " the policy is not accepted, and everybody gets 500",
                mend: "add one, as `gatehouse manifests envoy-gateway` writes it")
        ]
    }

    /// The check reads none here.
    private static func body(_ policy: SecurityPolicy) -> [Finding] {
        guard let body = policy.question?.at("bodyToExtAuth") else { return [] }
        let limit = body.text("maxRequestBytes").map { "\($0) bytes" } ?? "it says"
        return [
            .warning(
                policy.subject,
                "`bodyToExtAuth` keeps bodies back for a check that does not need them, and refuses (413) what is longer than"
                    + " \(limit)", mend: "remove it")
        ]
    }
}

extension JSONValue {
    /// Of `from` in a ReferenceGrant.
    fileprivate func isSecurityPolicies(of namespace: String) -> Bool {
        text("group") == "gateway.envoyproxy.io" && text("kind") == "SecurityPolicy" && text("namespace") == namespace
    }

    /// Of `to` in a ReferenceGrant: every Service where it names none.
    fileprivate func isService(_ name: String) -> Bool {
        text("group") ?? "" == "" && text("kind") == "Service" && (text("name") ?? name) == name
    }
}
