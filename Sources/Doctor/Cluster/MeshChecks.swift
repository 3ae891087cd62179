import JOSE
import Settings

/// Whether there was anything to look at.
enum ObjectCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        guard !cluster.objects.isEmpty || !cluster.meshes.isEmpty else {
            return [
                .failure(
                    "manifests", "there are no Kubernetes objects in them",
                    mend: "write them by `kubectl get KIND -A -o yaml`, or `gatehouse manifests istio`")
            ]
        }
        let mesh = cluster.meshes.isEmpty ? "no mesh configuration" : "the mesh's configuration"
        return [.ok("manifests", "\(cluster.objects.count) objects, and \(mesh)")]
    }
}

/// Whether policies name providers that the mesh has.
enum MeshProviderCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        cluster.askingPolicies.map { policy in
            let name = policy.content.text("spec", "provider", "name") ?? ""
            if cluster.providers.contains(where: { $0.name == name }) {
                return .ok(policy.subject, "its provider `\(name)` is among the mesh's")
            }
            guard !cluster.meshes.isEmpty else {
                return .warning(
                    policy.subject, "the mesh's configuration is not among the files, so its provider `\(name)` may be missing",
                    mend: "add `kubectl get configmap istio -n istio-system -o yaml`")
            }
            let known = cluster.providers.map { "`\($0.name)`" }.joined(separator: ", ")
            return .failure(
                policy.subject,
                "its provider \(name.quotedForeign) is not among the mesh's extensionProviders (\(known.isEmpty ? "none" : known)),"
                    + " and Istio then denies everything",
                mend: "add it to `extensionProviders` of the ConfigMap istio, as `gatehouse manifests istio` writes it")
        }
    }
}

/// How the gateway asks: whom, on which port, for how long, and what an error means.
enum MeshServiceCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        cluster.providersInUse.flatMap { provider in
            let findings =
                MeshService(cluster, provider.subject, provider.host, provider.port, provider.dialect).findings
                + answers(provider) + (provider.dialect == .http ? headers(provider, cluster) : [])
            return findings.isEmpty ? [.ok(provider.subject, "service, port, time-out and failures fit")] : findings
        }
            + cluster.askingFilters.flatMap { patch in
                let findings = filter(patch) + filterService(patch, cluster)
                return findings.isEmpty ? [.ok(patch.object.subject, "service, port and failures fit")] : findings
            } + SecurityPolicyCheck.findings(cluster)
    }

    private static func answers(_ provider: MeshProvider) -> [Finding] {
        var findings: [Finding] = []
        if provider.content.text("timeout") == nil {
            findings.append(
                .warning(
                    provider.subject, "`timeout` is not set: a request waits up to 600 s where Gatehouse does not answer",
                    mend: "write `timeout: 5s`"))
        }
        if provider.content.text("failOpen") == "true" {
            findings.append(
                .failure(
                    provider.subject, "`failOpen` is true: whenever Gatehouse does not answer, everybody passes",
                    mend: "remove it"))
        }
        if let status = provider.content.text("statusOnError"), let code = Int(status), code < 400 {
            findings.append(
                .failure(provider.subject, "`statusOnError` is \(code), which is no refusal", mend: "write \"503\", or remove it")
            )
        }
        return findings
    }

    /// What the HTTP variant has to be told beside.
    private static func headers(_ provider: MeshProvider, _ cluster: Cluster) -> [Finding] {
        var findings: [Finding] = []
        if provider.content.text("pathPrefix") != "/envoy" {
            findings.append(
                .failure(
                    provider.subject, "`pathPrefix` is not `/envoy`, where this dialect is answered",
                    mend: "write `pathPrefix: /envoy`"))
        }
        let asked = provider.content.texts("includeRequestHeadersInCheck").map { $0.lowercased() }
        let missing = ["authorization", "cookie"].filter { !asked.contains($0) }
        if !missing.isEmpty {
            findings.append(
                .failure(
                    provider.subject, "`includeRequestHeadersInCheck` lacks \(missing.joined(separator: ", ")): nobody is known",
                    mend: "add it"))
        }
        let told = provider.content.texts("headersToUpstreamOnAllow").map { $0.lowercased() }
        let unset = (cluster.configuration.authService?.identityHeaders ?? []).filter {
            !told.contains($0) && !told.contains("*")
        }
        if !unset.isEmpty {
            findings.append(
                .failure(
                    provider.subject,
                    "`headersToUpstreamOnAllow` lacks \(unset.joined(separator: ", ")): applications get the client's own",
                    mend: "add every identity header"))
        }
        return findings
    }

    private static func filter(_ patch: FilterPatch) -> [Finding] {
        guard patch.config?.text("failure_mode_allow") == "true" else { return [] }
        return [
            .failure(
                patch.object.subject, "`failure_mode_allow` is true: whenever Gatehouse does not answer, everybody passes",
                mend: "remove it")
        ]
    }

    private static func filterService(_ patch: FilterPatch, _ cluster: Cluster) -> [Finding] {
        patch.questions.flatMap { MeshService(cluster, patch.object.subject, $0.host, $0.port, $0.dialect).findings }
    }
}
