import JOSE

/// What a policy of Envoy Gateway is attached to.
struct PolicyTarget: Sendable, Equatable {
    let kind: String
    let name: String
    /// The policy's own: it may name nothing of another.
    let namespace: String
    /// A listener of a Gateway, or a rule of a route; nil: all of it.
    let section: String?

    /// `Gateway apps/web`, `HTTPRoute shop/pages (section api)`
    var text: String { "\(kind) \(namespace)/\(name)" + (section.map { " (section \($0))" } ?? "") }

    func isNamed(by object: ClusterObject) -> Bool {
        object.kind == kind && object.name == name && object.namespace == namespace
    }
}

/// Which of the requests that browsers make a policy is for.
enum PolicyReach: Sendable, Equatable {
    /// Every one that comes through their gateway.
    case gateway
    /// Those to one of the gateway's routes or listeners, as text.
    case part(String)
    /// Those to others; why, as a clause.
    case elsewhere(String)
    /// None: what it names, as text, is not there.
    case nothing(String)

    var isPart: Bool { if case .part = self { true } else { false } }
}

extension Cluster {
    /// Of the gateway of browsers, as far as it is one of Gateway API.
    var gatewaysOfBrowsers: [GatewayPods] { gatewayPods.filter { $0.gateway != nil } }

    /// - Parameter pods: `gatewaysOfBrowsers`, which takes a look at every route.
    func reach(of target: PolicyTarget, _ pods: [GatewayPods]) -> PolicyReach {
        target.kind == "Gateway" ? gateway(target, pods) : route(target, pods)
    }

    private func gateway(_ target: PolicyTarget, _ pods: [GatewayPods]) -> PolicyReach {
        let isOfBrowsers = pods.contains { $0.gateway == target.name && $0.namespace == target.namespace }
        if !isOfBrowsers {
            guard apiGateways.isEmpty || apiGateways.contains(where: target.isNamed) else { return .nothing(target.text) }
            // Without a route of ours and without a Gateway, there is none to compare it with.
            guard pods.isEmpty else { return .elsewhere(otherGateway(pods)) }
        }
        return target.section == nil ? .gateway : .part(target.text)
    }

    /// Of a route, or of a set of listeners.
    private func route(_ target: PolicyTarget, _ pods: [GatewayPods]) -> PolicyReach {
        let known = objects(of: target.kind)
        guard let route = known.first(where: target.isNamed) else {
            return known.isEmpty ? .part(target.text) : .nothing(target.text)
        }
        let parents = route.parents
        guard parents.isEmpty || pods.isEmpty || parents.contains(where: pods.contains) else {
            return .elsewhere(otherGateway(pods))
        }
        return .part(target.text)
    }

    private func otherGateway(_ pods: [GatewayPods]) -> String {
        "its `targetRefs` do not name the gateway of browsers (\(pods.map(\.text).joined(separator: "; ")))"
    }
}
