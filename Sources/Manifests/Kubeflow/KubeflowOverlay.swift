/// The Kustomize overlay that puts Gatehouse in place of Dex and oauth2-proxy in Kubeflow's community distribution.
package struct KubeflowOverlay: Sendable {
    /// The distribution's kustomization, as Kustomize finds it from the overlay's folder: a path or a URL.
    package var base: String
    /// Gatehouse, and what sends the gateway to it.
    package var objects: [KubernetesObject]
    /// The mesh's configuration with Gatehouse in it.
    package var mesh: YAMLValue
    /// Where the dashboard's button leads.
    package var signOutPath: String

    /// What whoever applies it should know.
    package var notes: [String]

    /// The folder of Gatehouse's own objects: a kustomization by itself, so that they can be taken away again.
    static let ownFolder = "gatehouse"

    package var files: [ManifestFile] {
        let own = objects.files.map {
            ManifestFile(name: "\(Self.ownFolder)/\($0.name)", text: $0.text, readers: $0.readers)
        }
        let rest = [file("kustomization.yaml", kustomization), file("delete.yaml", deletion)] + patches.map(\.file)
        return rest + [ManifestFile(name: "leftovers.yaml", text: leftovers)] + own
    }

    private var kustomization: YAMLValue {
        let deletions: [YAMLValue] = KubeflowRemoval.targets.map { ["path": "delete.yaml", "target": $0] }
        let changes: [YAMLValue] = patches.map { ["path": .string($0.file.name), "target": $0.target] }
        return [
            "apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization",
            "resources": .strings([base, Self.ownFolder]),
            "patches": .noted(
                "What the distribution has of Dex and oauth2-proxy goes; the rest is told of Gatehouse.\nA target that the distribution does not have is none.",
                .list(deletions + changes)),
        ]
    }

    /// One for all targets: Kustomize reads the kind and the name from those.
    private var deletion: YAMLValue {
        ["$patch": "delete", "apiVersion": "v1", "kind": "Any", "metadata": ["name": "any"]]
    }

    private var leftovers: String {
        let note: StaticString =
            "What a cluster still has of Dex and oauth2-proxy after `kubectl apply`, which takes nothing away:\nkubectl delete --ignore-not-found --filename leftovers.yaml"
        let documents = KubeflowRemoval.leftovers.map { YAMLWriter.text($0) }
        return YAMLWriter.comment(note).map { $0 + "\n" }.joined() + documents.joined(separator: "---\n")
    }

    private func file(_ name: String, _ value: YAMLValue) -> ManifestFile {
        ManifestFile(name: name, text: YAMLWriter.text(value))
    }
}

extension KubeflowOverlay {
    struct Patch {
        let file: ManifestFile
        let target: YAMLValue

        init(_ name: String, _ target: KubeflowTarget, _ change: YAMLValue) {
            file = ManifestFile(name: name, text: YAMLWriter.text(target.reference.adding(change)))
            self.target = target.pattern
        }
    }

    var patches: [Patch] { [meshPatch, dashboardPatch] }

    /// Istio reads the whole of it from one text.
    private var meshPatch: Patch {
        Patch(
            "mesh.yaml", KubeflowTarget("ConfigMap", "v1", "istio", KubeflowRemoval.mesh),
            ["data": ["mesh": .string(YAMLWriter.text(mesh))]])
    }

    private var dashboardPatch: Patch {
        let variable: YAMLValue = ["name": "LOGOUT_URL", "value": .string(signOutPath)]
        return Patch(
            "dashboard.yaml", KubeflowTarget("Deployment", "apps/v1", "centraldashboard", "kubeflow"),
            ["spec": ["template": ["spec": ["containers": [["name": "centraldashboard", "env": [variable]]]]]]])
    }
}
