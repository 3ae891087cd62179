/// What a chart leaves open: a mark in the objects, and in templates what a value says.
enum HelmMark: String, CaseIterable {
    case namespace, image, secret, replicas, maxReplicas, config, checksum, monitoringNamespace, gatewayPods, gatewayNamespace
    case gatewayName, gatewayClass, certificate, ingressNamespace, ingressLabels, istioGateway, istioHosts, meshNamespace

    /// What stands in an object.
    var text: String { "<<\(rawValue)>>" }

    /// What a template says in its place.
    private var expression: String {
        switch self {
        case .namespace: ".Release.Namespace"
        case .secret: #"required "secret: name the Secret with what NOTES.txt lists" .Values.secret"#
        case .replicas, .maxReplicas: "int .Values.\(rawValue)"
        case .checksum: ".Values.config | sha256sum"
        case .image, .config, .monitoringNamespace, .gatewayPods: ".Values.\(rawValue)"
        case .gatewayNamespace: ".Values.ingress.gateway.namespace | default .Release.Namespace"
        case .gatewayName: ".Values.ingress.gateway.name"
        case .gatewayClass, .certificate: ".Values.ingress.\(rawValue)"
        case .ingressNamespace: ".Values.ingress.istio.namespace"
        case .ingressLabels: #".Values.ingress.istio.labels | default (dict "istio" "ingressgateway") | toJson"#
        case .istioGateway: ".Values.ingress.istio.gateway"
        case .istioHosts: ".Values.ingress.istio.hosts | toJson"
        case .meshNamespace: ".Values.ingress.istio.meshNamespace"
        }
    }

    /// Whether it is a number, or JSON.
    private var isNoText: Bool {
        switch self {
        case .replicas, .maxReplicas, .ingressLabels, .istioHosts: true
        case .namespace, .image, .secret, .config, .checksum, .monitoringNamespace, .gatewayPods, .gatewayNamespace, .gatewayName,
            .gatewayClass, .certificate, .ingressNamespace, .istioGateway, .meshNamespace:
            false
        }
    }

    /// A text with marks as a template. What was in it before and looks like a template stays a text.
    static func template(_ text: String) -> String {
        var template = text.replacing("{{", with: "{{ `{{` }}")
        for mark in allCases {
            let whole = mark.isNoText ? mark.expression : "(\(mark.expression)) | quote"
            template = template.replacing("\"\(mark.text)\"", with: "{{ \(whole) }}")
            template = template.replacing(mark.text, with: "{{ \(mark.expression) }}")
        }
        return template
    }
}
