import JOSE

/// Whether Envoy and the applications read the same path where paths decide.
enum PathNormalisationCheck {
    @Sendable static func judge(_ cluster: Cluster) -> [Finding] {
        let exempting = cluster.objects(of: "AuthorizationPolicy").filter { policy in
            policy.content.list("spec", "rules").contains { rule in
                rule.list("to").contains { !$0.texts("operation", "notPaths").isEmpty }
            }
        }
        let wanted = "DECODE_AND_MERGE_SLASHES"
        let set = cluster.meshes.compactMap(\.normalization)
        if set.contains(wanted) { return [.ok("mesh", "paths are normalised: \(wanted)")] }
        guard !cluster.meshes.isEmpty, !exempting.isEmpty else { return [] }
        return [
            .failure(
                "mesh",
                "paths are normalised by \(set.first ?? "BASE") only, and \(exempting.map(\.subject).joined(separator: ", "))"
                    + " exempts paths: `/public/..%2fadmin` passes as exempted",
                mend: "write `pathNormalization: { normalization: \(wanted) }` into the mesh's configuration")
        ]
    }
}
