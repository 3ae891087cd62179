extension HelmChart {
    /// A file for each object, by its kind.
    var templates: [ManifestFile] {
        var seen: Set<String> = []
        return (ownChoices + gatewayChoices).compactMap { choice in
            guard let object = choice.object else { return nil }
            let kind = object.kind.lowercased()
            let name = seen.insert(kind).inserted ? kind : "\(kind)-\(object.name)"
            return ManifestFile(name: name + ".yaml", text: choice.text(Self.template))
        }
    }

    /// What runs Gatehouse, and what a mesh asks it by. A release has its namespace already.
    private var ownChoices: [HelmChoice] {
        let variants =
            [mesh?.monitored.objects ?? monitored.objects, mesh?.plain.objects ?? plain.objects, monitored.objects]
            + [plain.objects]
        var seen: Set<String> = []
        return variants.joined().filter { $0.kind != "Namespace" && seen.insert(Self.key($0)).inserted }.map { object in
            let found = variants.map { variant in variant.first { Self.key($0) == Self.key(object) } }
            let choice = HelmChoice(monitoredMesh: found[0], mesh: found[1], monitored: found[2], plain: found[3])
            guard let condition = Self.scaling[object.kind] else { return choice }
            return HelmChoice([(condition, object)])
        }
    }

    private static func key(_ object: KubernetesObject) -> String { "\(object.kind) \(object.name)" }

    /// The objects that are only for several replicas.
    private static let scaling = [
        "PodDisruptionBudget": "gt (int .Values.replicas) 1",
        "HorizontalPodAutoscaler": autoscales,
    ]
    private static let autoscales = "gt (int .Values.maxReplicas) (int .Values.replicas)"

    private var gatewayChoices: [HelmChoice] {
        gateway.objects.map { object in
            switch object.kind {
            case "HTTPRoute", "BackendTLSPolicy": HelmChoice([(Self.routes, object)])
            case "Gateway": HelmChoice([("and \(Self.routes) .Values.ingress.gatewayClass", object)])
            case "ReferenceGrant": HelmChoice([("and \(Self.asks) (ne (\(Self.gatewayNamespace)) .Release.Namespace)", object)])
            default: HelmChoice([(Self.asks, object)])
            }
        }
    }

    private static let routes = #"(has .Values.ingress.kind (list "gateway-api" "envoy-gateway"))"#
    private static let asks = #"(eq .Values.ingress.kind "envoy-gateway")"#
    private static let gatewayNamespace = ".Values.ingress.gateway.namespace | default .Release.Namespace"

    private static func template(_ object: KubernetesObject) -> String {
        HelmMark.template(open(object).text).replacing(
            ownReplicas, with: "{{- if not (\(autoscales)) }}\n\(ownReplicas){{- end }}\n")
    }

    /// The autoscaler's number is not the Deployment's to say.
    private static let ownReplicas = "  \(HelmMark.template("replicas: \"\(HelmMark.replicas.text)\""))\n"

    /// The object with marks where the objects have numbers, lists and texts that are made of the configuration.
    private static func open(_ object: KubernetesObject) -> KubernetesObject {
        switch object.kind {
        case "ConfigMap": object.with(.config, at: ["data", "gatehouse.yaml"])
        case "Deployment":
            object.with(.replicas, at: ["spec", "replicas"])
                .with(.checksum, at: ["spec", "template", "metadata", "annotations", "checksum/config"])
        case "HorizontalPodAutoscaler":
            object.with(.replicas, at: ["spec", "minReplicas"]).with(.maxReplicas, at: ["spec", "maxReplicas"])
        case "VirtualService": object.with(.istioHosts, at: ["spec", "hosts"])
        default: object.having(object.content.withLabelsOpen)
        }
    }
}

extension KubernetesObject {
    fileprivate func with(_ mark: HelmMark, at path: [String]) -> KubernetesObject {
        having(content.setting(path, to: .string(mark.text)))
    }

    fileprivate func having(_ content: YAMLValue) -> KubernetesObject {
        KubernetesObject(kind, apiVersion, name: name, namespace: namespace, labels: labels, content)
    }
}

extension YAMLValue {
    /// With a mark in the place of each map of labels that a value has.
    fileprivate var withLabelsOpen: YAMLValue {
        switch self {
        case .map(let entries) where entries.map(\.key) == [HelmMark.ingressLabels.text]: .string(HelmMark.ingressLabels.text)
        case .map(let entries): .map(entries.map { YAMLEntry($0.key, $0.value.withLabelsOpen) })
        case .list(let values): .list(values.map(\.withLabelsOpen))
        case .noted(let note, let value): .noted(note, value.withLabelsOpen)
        case .string, .integer, .boolean: self
        }
    }
}
