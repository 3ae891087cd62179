import Settings

extension HelmChart {
    /// Chart.yaml, values.yaml, its schema; and what belongs into the folder `templates`.
    package var files: (chart: [ManifestFile], templates: [ManifestFile]) {
        (
            chart: [
                ManifestFile(name: "Chart.yaml", text: Self.origin + YAMLWriter.text(chart)),
                ManifestFile(name: "values.yaml", text: Self.origin + YAMLWriter.text(values)),
                ManifestFile(name: "values.schema.json", text: schema),
            ],
            templates: templates + [ManifestFile(name: "NOTES.txt", text: releaseNotes)]
        )
    }

    private static let origin = """
        # Written by `gatehouse manifests helm` for one configuration: write it anew after changes to that rather than editing it.

        """

    private var chart: YAMLValue {
        [
            "apiVersion": "v2", "name": "gatehouse", "type": "application",
            "description": "Sign-in in front of every application behind a gateway.",
            "version": .string(defaults.version), "appVersion": .string(defaults.version),
        ]
    }

    private var values: YAMLValue {
        let own: YAMLValue = [
            "image": .string(defaults.image),
            "replicas": .integer(defaults.replicas),
            "maxReplicas": .noted(
                "What the autoscaler may go up to; none where it is not more than replicas.", .integer(defaults.maximumReplicas)),
            "secret": .noted("A Secret in the release's namespace: NOTES.txt says which keys it has to have.", ""),
            "serviceMonitor": .noted("For the Prometheus operator.", false),
            "monitoringNamespace": "monitoring",
            "gatewayPods": .noted(
                "The namespace with the gateway's pods, which may connect to Gatehouse.", .string(defaults.gatewayPods)),
            "ingress": ingress,
        ]
        return own.adding([
            "config": .noted(
                "Templates have its listeners' ports, its paths and its headers: for other ones, write the chart anew.",
                configuration)
        ])
    }

    private var ingress: YAMLValue { gatewayAPI.adding(mesh.map { ["istio": $0.values] } ?? [:]) }

    private var gatewayAPI: YAMLValue {
        [
            "kind": .noted(
                "none; gateway-api: the routes to our pages, and nothing that makes a gateway ask; envoy-gateway, istio: that, too.",
                "none"),
            "gateway": [
                "namespace": .noted("The release's when empty.", .string(defaults.gateway?.namespace ?? "")),
                "name": .string(defaults.gateway?.name ?? "gatehouse"),
            ],
            "gatewayClass": .noted(
                "Of the Gateway that is written; when empty, it is there already.", .string(defaults.gatewayClass ?? "")),
            "certificate": .noted("The Secret with that Gateway's certificate.", .string(defaults.certificate)),
        ]
    }

    private var configuration: YAMLValue { plain.configMap.content["data"]?["gatehouse.yaml"] ?? "" }

    private var schema: String {
        let kinds = #""none", "gateway-api", "envoy-gateway""# + (mesh == nil ? "" : #", "istio""#)
        let count = plain.configuration.storage.isShared ? #""type": "integer", "minimum": 1"# : #""const": 1"#
        return """
            {
              "$schema": "https://json-schema.org/draft-07/schema#",
              "type": "object",
              "additionalProperties": false,
              "required": ["image", "replicas", "maxReplicas", "ingress", "config"],
              "properties": {
                "image": { "type": "string", "minLength": 1 },
                "replicas": { \(count) },
                "maxReplicas": { \(count) },
                "secret": { "type": "string" },
                "serviceMonitor": { "type": "boolean" },
                "monitoringNamespace": { "type": "string", "minLength": 1 },
                "gatewayPods": { "type": "string", "minLength": 1 },
                "ingress": {
                  "type": "object",
                  "additionalProperties": false,
                  "required": ["kind", "gateway"],
                  "properties": {
                    "kind": { "enum": [\(kinds)] },
                    \(mesh == nil ? "" : HelmMesh.schema)
                    "gateway": {
                      "type": "object",
                      "additionalProperties": false,
                      "properties": { "namespace": { "type": "string" }, "name": { "type": "string", "minLength": 1 } }
                    },
                    "gatewayClass": { "type": "string" },
                    "certificate": { "type": "string" }
                  }
                },
                "config": { "type": "string", "minLength": 1 },
                "global": { "type": "object" }
              }
            }

            """
    }

    private var releaseNotes: String {
        let sentences = plain.notes.filter { $0.contains(HelmMark.secret.text) }.map { HelmMark.template($0 + ".") }
        return sentences.joined(separator: "\n") + """

            {{- if eq .Values.ingress.kind "istio" }}
            \(mesh?.releaseNotes(beside: plain.notes) ?? "")
            {{- else if ne .Values.ingress.kind "envoy-gateway" }}
            Nothing in this release makes a gateway ask Gatehouse: that has to be there before any application's route.
            {{- end }}

            """
    }
}
