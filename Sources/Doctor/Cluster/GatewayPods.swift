import JOSE

/// Pods that browsers reach Gatehouse's pages through.
struct GatewayPods: Sendable, Equatable {
    /// nil: no file says where they run.
    var namespace: String?
    var labels: [String: String]
    /// Of the Gateway API: what policies name in `targetRefs`.
    var gateway: String?

    /// Istio's own.
    static let usual = GatewayPods(
        namespace: "istio-system", labels: ["app": "istio-ingressgateway", "istio": "ingressgateway"])

    /// Of the Gateway API.
    static func named(_ name: String, _ namespace: String) -> GatewayPods {
        GatewayPods(
            namespace: namespace,
            labels: ["gateway.networking.k8s.io/gateway-name": name, "istio.io/gateway-name": name], gateway: name)
    }

    func has(_ labels: [String: String]) -> Bool { labels.allSatisfy { self.labels[$0.key] == $0.value } }

    /// `gateway web in apps`, `app: x, istio: y in istio-system`
    var text: String {
        let pods = gateway.map { "gateway \($0)" } ?? labels.map { "\($0.key): \($0.value)" }.sorted().joined(separator: ", ")
        return pods + (namespace.map { " in \($0)" } ?? "")
    }
}

extension Cluster {
    /// Of the gateways that our own route is attached to; without one, of every gateway among the files; without those, Istio's.
    var gatewayPods: [GatewayPods] {
        let routes = ownRoutes
        let names = Set(routes.flatMap(\.gatewayNames))
        let attached =
            routes.flatMap(\.parents) + istioGateways.filter { names.contains("\($0.namespace)/\($0.name)") }.flatMap(pods)
        if !attached.isEmpty { return attached }
        let every = routes.isEmpty ? istioGateways.flatMap(pods) + apiGateways.map { .named($0.name, $0.namespace) } : []
        return every.isEmpty ? [.usual] : every
    }

    private var istioGateways: [ClusterObject] { gateways(of: "networking.istio.io/") }
    var apiGateways: [ClusterObject] { gateways(of: "gateway.networking.k8s.io/") }

    private func gateways(of group: String) -> [ClusterObject] {
        objects(of: "Gateway").filter { $0.content.text("apiVersion")?.hasPrefix(group) ?? false }
    }

    /// Their workloads, where those are among the files; they may run in any namespace.
    private func pods(of gateway: ClusterObject) -> [GatewayPods] {
        let selector = gateway.content.labels("spec", "selector")
        guard !selector.isEmpty else { return [.usual] }
        let workloads = (objects(of: "Deployment") + objects(of: "DaemonSet")).map { workload in
            GatewayPods(
                namespace: workload.namespace, labels: workload.content.labels("spec", "template", "metadata", "labels"))
        }.filter { $0.has(selector) }
        guard workloads.isEmpty else { return workloads }
        return [GatewayPods.usual.has(selector) ? .usual : GatewayPods(namespace: nil, labels: selector)]
    }

    /// Why a policy or filter is not for the gateway's pods; nil where it is.
    func missed(by object: ClusterObject) -> String? {
        let pods = gatewayPods
        let gateway = pods.map(\.text).joined(separator: "; ")
        guard object.targets.isEmpty else {
            let isMet = object.targets.contains { target in
                target.text("kind") == "GatewayClass"
                    || pods.contains { $0.gateway == target.text("name") && $0.namespace == object.namespace }
            }
            return isMet ? nil : "its `targetRefs` do not name the gateway of browsers (\(gateway))"
        }
        let labels = object.selectedLabels
        let fitting = pods.filter { $0.has(labels) }
        guard !fitting.isEmpty else { return "its selector does not fit the gateway of browsers (\(gateway))" }
        guard object.namespace == rootNamespace || fitting.contains(where: { $0.namespace == object.namespace }) else {
            return "it is for pods in \(object.namespace), where the gateway of browsers (\(gateway)) is not known to run"
        }
        return nil
    }
}

extension ClusterObject {
    /// What a policy is attached to by name.
    var targets: [JSONValue] {
        content.list("spec", "targetRefs") + [content.at("spec", "targetRef")].compactMap { $0 }
    }

    /// Of a policy or an EnvoyFilter; none: every pod of its namespace.
    fileprivate var selectedLabels: [String: String] {
        content.labels(kind == "EnvoyFilter" ? ["spec", "workloadSelector", "labels"] : ["spec", "selector", "matchLabels"])
    }

    /// `namespace/name` of what a VirtualService is attached to.
    fileprivate var gatewayNames: [String] {
        content.texts("spec", "gateways").map { $0.contains("/") ? $0 : "\(namespace)/\($0)" }
    }

    /// What an HTTPRoute is attached to.
    var parents: [GatewayPods] {
        content.list("spec", "parentRefs").compactMap { parent in
            guard parent.text("kind") ?? "Gateway" == "Gateway", let name = parent.text("name") else { return nil }
            return .named(name, parent.text("namespace") ?? namespace)
        }
    }
}

extension JSONValue {
    func labels(_ path: String...) -> [String: String] { labels(path) }

    fileprivate func labels(_ path: [String]) -> [String: String] {
        let members = at(path[...])?.object?.members ?? []
        return members.reduce(into: [:]) { labels, member in labels[member.name] = member.value.string }
    }
}
