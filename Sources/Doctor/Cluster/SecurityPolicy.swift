import JOSE

/// Envoy Gateway's SecurityPolicy: whom the gateway asks about requests, and which ones.
struct SecurityPolicy: Sendable {
    let object: ClusterObject

    /// `nil` for another object.
    init?(_ object: ClusterObject) {
        guard object.kind == "SecurityPolicy", object.isOfEnvoyGateway else { return nil }
        self.object = object
    }

    var subject: String { object.subject }

    /// How somebody is asked; nil: nobody is.
    var question: JSONValue? { object.content.at("spec", "extAuth") }

    var asks: Bool { question != nil }

    /// Whether it leaves what it does not say to the policy of its Gateway.
    var isMerged: Bool { object.content.text("spec", "mergeType") != nil }

    var dialect: MeshProvider.Dialect { question?.at("grpc") == nil ? .http : .grpc }

    /// What the question says about the server that is asked.
    var server: JSONValue? { question?.at(dialect == .grpc ? "grpc" : "http") }

    /// Whom it asks.
    var backends: [Backend] {
        let references = (server?.list("backendRefs") ?? []) + [server?.at("backendRef")].compactMap { $0 }
        return references.map { Backend($0, of: object) }
    }

    struct Backend: Sendable {
        let kind: String
        let name: String
        let namespace: String
        let port: Int?

        init(_ reference: JSONValue, of policy: ClusterObject) {
            kind = reference.text("kind") ?? "Service"
            name = reference.text("name") ?? ""
            namespace = reference.text("namespace") ?? policy.namespace
            port = reference.number("port")
        }

        /// As names of Services are compared.
        var host: String { "\(name).\(namespace)" }
    }
}

extension Cluster {
    var securityPolicies: [SecurityPolicy] { objects(of: "SecurityPolicy").compactMap(SecurityPolicy.init) }

    /// Those that hand requests to somebody outside Envoy.
    var askingSecurityPolicies: [SecurityPolicy] { securityPolicies.filter(\.asks) }

    /// What a policy of Envoy Gateway is attached to: by name, and by labels.
    func targets(of policy: ClusterObject) -> [PolicyTarget] {
        let named = policy.targets.map { reference in
            PolicyTarget(
                kind: reference.text("kind") ?? "", name: reference.text("name") ?? "", namespace: policy.namespace,
                section: reference.text("sectionName"))
        }
        return named + policy.content.list("spec", "targetSelectors").flatMap { selected($0, policy) }
    }

    /// Of its own namespace.
    private func selected(_ selector: JSONValue, _ policy: ClusterObject) -> [PolicyTarget] {
        objects(of: selector.text("kind") ?? "").filter { object in
            object.namespace == policy.namespace && selector.selects(object.content.labels("metadata", "labels"))
        }.map { PolicyTarget(kind: $0.kind, name: $0.name, namespace: $0.namespace, section: nil) }
    }
}

extension JSONValue {
    /// Of a selector of labels: `matchLabels` and `matchExpressions`, all of them.
    fileprivate func selects(_ own: [String: String]) -> Bool {
        labels("matchLabels").allSatisfy { own[$0.key] == $0.value }
            && list("matchExpressions").allSatisfy { $0.holds(of: own) }
    }

    private func holds(of own: [String: String]) -> Bool {
        let value = text("key").flatMap { own[$0] }
        switch text("operator") {
        case "In": return value.map(texts("values").contains) ?? false
        case "NotIn": return value.map { !texts("values").contains($0) } ?? true
        case "Exists": return value != nil
        case "DoesNotExist": return value == nil
        default: return false
        }
    }
}

extension ClusterObject {
    var isOfEnvoyGateway: Bool { content.text("apiVersion")?.hasPrefix("gateway.envoyproxy.io/") ?? false }
}
