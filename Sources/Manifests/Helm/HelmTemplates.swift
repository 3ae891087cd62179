extension HelmChart {
    /// A file for each object, by its kind.
    var templates: [ManifestFile] {
        var seen: Set<String> = []
        return objects.map { object, condition, other in
            let kind = object.kind.lowercased()
            let name = seen.insert(kind).inserted ? kind : "\(kind)-\(seen.count)"
            let text = Self.conditional(condition, Self.template(object), other.map(Self.template))
            return ManifestFile(name: name + ".yaml", text: text)
        }
    }

    /// What is written, the condition under which it is, and what is written otherwise.
    private typealias Templated = (object: KubernetesObject, condition: String?, otherwise: KubernetesObject?)

    private var objects: [Templated] { ownObjects + gatewayObjects }

    /// A release has its namespace already. What differs with a monitor is there twice.
    private var ownObjects: [Templated] {
        let unmonitored = plain.objects
        return monitored.objects.filter { $0.kind != "Namespace" }.map { object in
            let other = unmonitored.first { $0.kind == object.kind }
            guard let other else { return (object, ".Values.serviceMonitor", nil) }
            guard object.text != other.text else { return (object, Self.scaling[object.kind], nil) }
            return (object, ".Values.serviceMonitor", other)
        }
    }

    /// The objects that are only for several replicas.
    private static let scaling = [
        "PodDisruptionBudget": "gt (int .Values.replicas) 1",
        "HorizontalPodAutoscaler": autoscales,
    ]
    private static let autoscales = "gt (int .Values.maxReplicas) (int .Values.replicas)"

    private var gatewayObjects: [Templated] {
        gateway.objects.map { object in
            switch object.kind {
            case "HTTPRoute", "BackendTLSPolicy": (object, #"ne .Values.ingress.kind "none""#, nil)
            case "Gateway": (object, #"and (ne .Values.ingress.kind "none") .Values.ingress.gatewayClass"#, nil)
            case "ReferenceGrant": (object, "and \(Self.asks) (ne (\(Self.gatewayNamespace)) .Release.Namespace)", nil)
            default: (object, Self.asks, nil)
            }
        }
    }

    private static let asks = #"(eq .Values.ingress.kind "envoy-gateway")"#
    private static let gatewayNamespace = ".Values.ingress.gateway.namespace | default .Release.Namespace"

    private static func conditional(_ condition: String?, _ text: String, _ other: String?) -> String {
        guard let condition else { return text }
        return "{{- if \(condition) }}\n" + text + (other.map { "{{- else }}\n" + $0 } ?? "") + "{{- end }}\n"
    }

    private static func template(_ object: KubernetesObject) -> String {
        HelmMark.template(open(object).text).replacing(ownReplicas, with: conditional("not (\(autoscales))", ownReplicas, nil))
    }

    /// The autoscaler's number is not the Deployment's to say.
    private static let ownReplicas = "  \(HelmMark.template("replicas: \"\(HelmMark.replicas.text)\""))\n"

    /// The object with marks where the objects have numbers and texts that are made of the configuration.
    private static func open(_ object: KubernetesObject) -> KubernetesObject {
        switch object.kind {
        case "ConfigMap": object.with(.config, at: ["data", "gatehouse.yaml"])
        case "Deployment":
            object.with(.replicas, at: ["spec", "replicas"])
                .with(.checksum, at: ["spec", "template", "metadata", "annotations", "checksum/config"])
        case "HorizontalPodAutoscaler":
            object.with(.replicas, at: ["spec", "minReplicas"]).with(.maxReplicas, at: ["spec", "maxReplicas"])
        default: object
        }
    }
}

extension KubernetesObject {
    fileprivate func with(_ mark: HelmMark, at path: [String]) -> KubernetesObject {
        KubernetesObject(
            kind, apiVersion, name: name, namespace: namespace, labels: labels,
            content.setting(path, to: .string(mark.text)))
    }
}
