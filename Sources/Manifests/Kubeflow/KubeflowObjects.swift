extension KubeflowOverlay {
    /// The distribution's gateway: the pods of Istio's ingress, and the Gateway that every route of Kubeflow's is attached to.
    package static let gateway = IngressGateway.istio(
        pods: PodGroup(namespace: KubeflowRemoval.mesh, labels: [KubernetesLabel("app", "istio-ingressgateway")]),
        gateway: "kubeflow/kubeflow-gateway")

    /// Whether Gatehouse may live there: not where everything goes, and not among others' objects.
    package static func mayHold(namespace: String) -> Bool {
        !(KubeflowRemoval.namespaces + [KubeflowRemoval.mesh, "kubeflow"]).contains { $0 == namespace }
    }

    /// - Parameter mesh: its configuration before Gatehouse is in it.
    package init(_ manifest: IstioManifest, base: String, mesh: YAMLValue) {
        self.base = base
        objects = manifest.objects.map(Self.onEveryHost)
        self.mesh = KubeflowMesh.adding(manifest.meshConfigurationInUse, to: mesh)
        signOutPath = Self.signOutPath(manifest.place)
        notes = manifest.workload.notes + IstioNotes.besideTheMesh(manifest)
    }

    /// Kubeflow's routes are for all hosts. Of one that is named, the gateway would know this route only, and none of theirs.
    private static func onEveryHost(_ object: KubernetesObject) -> KubernetesObject {
        guard object.kind == "VirtualService" else { return object }
        return KubernetesObject(
            object.kind, object.apiVersion, name: object.name, namespace: object.namespace, labels: object.labels,
            object.content.setting(["spec", "hosts"], to: ["*"]))
    }

    /// As the dashboard knows it, where the configuration has such a path.
    private static func signOutPath(_ place: EnvoyManifest) -> String {
        let known = ["/oauth2/sign_out", "/authservice/logout"]
        return known.first { path in place.aliasPaths.contains { $0 == path } } ?? place.ownPath + "/sign-out"
    }
}

extension IstioManifest {
    /// With the EnvoyFilter the mesh need know of no provider.
    var meshConfigurationInUse: YAMLValue {
        options.insertion == .mesh ? meshConfiguration : meshConfiguration.removing("extensionProviders")
    }
}
