/// One object as a cluster takes it.
package struct KubernetesObject: Sendable {
    package let apiVersion: String
    package let kind: String
    package let name: String
    /// nil where the kind has none.
    package let namespace: String?
    package let labels: [KubernetesLabel]
    /// What stands beside apiVersion, kind and metadata: `spec`, `data` …
    package let content: YAMLValue

    package init(
        _ kind: String, _ apiVersion: String, name: String, namespace: String?, labels: [KubernetesLabel] = [],
        _ content: YAMLValue
    ) {
        self.kind = kind
        self.apiVersion = apiVersion
        self.name = name
        self.namespace = namespace
        self.labels = labels
        self.content = content
    }

    package var value: YAMLValue {
        let head: YAMLValue = ["apiVersion": .string(apiVersion), "kind": .string(kind)]
        return head.adding(["metadata": metadata]).adding(content)
    }

    package var text: String { YAMLWriter.text(value) }

    private var metadata: YAMLValue {
        let name: YAMLValue = ["name": .string(name)]
        let place: YAMLValue = namespace.map { ["namespace": .string($0)] } ?? [:]
        return name.adding(place).adding(labels.isEmpty ? [:] : ["labels": labels.value])
    }
}

extension [KubernetesObject] {
    /// All of them in one text, as `kubectl apply --filename -` takes it.
    package var text: String { map { "---\n" + $0.text }.joined() }

    /// A file for each, and the kustomization that lists them.
    package var files: [ManifestFile] {
        var seen: Set<String> = []
        let files = map { object in
            let kind = object.kind.lowercased()
            let name = seen.insert(kind).inserted ? kind : kind + "-" + object.name
            return ManifestFile(name: name + ".yaml", text: object.text, readers: object.kind == "Secret" ? .owner : .everybody)
        }
        return files + [kustomization(files.map(\.name))]
    }

    /// Its kind and version are those that Kustomize takes where a file says nothing.
    private func kustomization(_ names: [String]) -> ManifestFile {
        ManifestFile(name: "kustomization.yaml", text: YAMLWriter.text(["resources": .strings(names)]))
    }
}
