/// What the configuration file does not say about the cluster.
package struct KubernetesOptions: Sendable {
    /// Where Gatehouse lives; a DNS label.
    package var namespace = "gatehouse"
    /// Whether the namespace is there already: then it stays as it is, also when everything of ours goes.
    package var existingNamespace = false
    package var image: String
    package var replicas = 2
    /// What the autoscaler may go up to; no autoscaler where it is not more than `replicas`.
    package var maximumReplicas = 6
    /// A Secret that is there already; nil: one is written, with what the configuration file's secrets hold.
    package var secret: String?
    /// Pods that may ask Gatehouse; none: only those of its own namespace.
    package var callers: [PodGroup] = []
    /// For the Prometheus operator.
    package var serviceMonitor = false
    /// The namespace that Prometheus scrapes from.
    package var monitoringNamespace = "monitoring"
    /// Whether an Istio sidecar stands in front of Gatehouse, so that the way from the gateway is mTLS.
    package var sidecar = false

    /// Whether the gateway makes the headers of `identity.headers` of the assertion: then Gatehouse only takes them away.
    package var headersOfAssertion = false

    package init(image: String) { self.image = image }
}

/// Pods of a namespace: those with all of the labels, or all where there are none.
package struct PodGroup: Sendable, Equatable {
    package var namespace: String
    package var labels: [KubernetesLabel]

    package init(namespace: String, labels: [KubernetesLabel] = []) {
        self.namespace = namespace
        self.labels = labels
    }
}

package struct KubernetesLabel: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// `name=value` with characters that a label may have; nil for anything else.
    package init?(parsing text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, KubernetesName.isLabel(parts[0], orSigns: "./_-"),
            KubernetesName.isLabel(parts[1], orSigns: "._-")
        else { return nil }
        self.init(parts[0], parts[1])
    }
}

extension [KubernetesLabel] {
    var value: YAMLValue { .map(map { YAMLEntry($0.name, .string($0.value)) }) }
}

/// What Kubernetes takes as names.
package enum KubernetesName {
    /// A DNS label (RFC 1123): what namespaces are called.
    package static func isNamespace(_ text: String) -> Bool {
        text.utf8.count <= 63 && isName(text) && !text.utf8.contains(UInt8(ascii: "."))
    }

    /// Whether a cluster has it from the beginning, with objects of others.
    package static func isOfTheCluster(_ namespace: String) -> Bool {
        namespace == "default" || namespace.hasPrefix("kube-")
    }

    /// A DNS subdomain: what most objects are called.
    package static func isName(_ text: String) -> Bool {
        text == text.lowercased() && text.utf8.count <= 253 && isLabel(text, orSigns: ".-")
    }

    static func isLabel(_ text: String, orSigns signs: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, isAlphanumeric(first), isAlphanumeric(last) else {
            return false
        }
        return text.utf8.allSatisfy { isAlphanumeric($0) || signs.utf8.contains($0) }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
