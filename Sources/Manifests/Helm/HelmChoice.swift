/// One object of a chart as it is under each of its values.
struct HelmChoice {
    /// What is written, in order: the first whose condition holds; nil: otherwise. No object: nothing.
    let alternatives: [(condition: String?, object: KubernetesObject?)]

    init(_ alternatives: [(condition: String?, object: KubernetesObject?)]) { self.alternatives = alternatives }

    /// By whether there is a monitor, and whether it is in a mesh: no condition for what makes no difference.
    init(monitoredMesh: KubernetesObject?, mesh: KubernetesObject?, monitored: KubernetesObject?, plain: KubernetesObject?) {
        let isMesh = #"eq .Values.ingress.kind "istio""#
        let isMonitored = ".Values.serviceMonitor"
        let texts = [monitoredMesh, mesh, monitored, plain].map { $0?.text }
        switch (texts[0] == texts[2] && texts[1] == texts[3], texts[0] == texts[1] && texts[2] == texts[3]) {
        case (true, true): alternatives = [(nil, plain)]
        case (true, false): alternatives = [(isMonitored, monitored), (nil, plain)]
        case (false, true): alternatives = [(isMesh, mesh), (nil, plain)]
        case (false, false):
            alternatives = [
                ("and .Values.serviceMonitor (\(isMesh))", monitoredMesh), (isMesh, mesh), (isMonitored, monitored), (nil, plain),
            ]
        }
    }

    /// Any of them: they have the kind and the name in common.
    var object: KubernetesObject? { alternatives.lazy.compactMap(\.object).first }

    /// A template, of those of its objects.
    func text(_ template: (KubernetesObject) -> String) -> String {
        guard let first = alternatives.first?.condition else { return alternatives.first?.object.map(template) ?? "" }
        let written = alternatives.lastIndex { $0.object != nil } ?? alternatives.startIndex
        let others = alternatives[...written].dropFirst().map { condition, object in
            "{{- else\(condition.map { " if " + $0 } ?? "") }}\n" + (object.map(template) ?? "")
        }
        return "{{- if \(first) }}\n" + (alternatives.first?.object.map(template) ?? "") + others.joined() + "{{- end }}\n"
    }
}
