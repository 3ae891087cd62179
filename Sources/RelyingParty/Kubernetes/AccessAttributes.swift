import JOSE

/// What somebody wants to do in a cluster, in the words of authorization.k8s.io/v1.
package enum AccessAttributes: Sendable, Hashable {
    /// `resourceAttributes`.
    case resource(Resource)
    /// `nonResourceAttributes`: a path of the API server, such as `/metrics`.
    case path(String, verb: String)

    /// An empty text means what it means in Kubernetes: the core group, no subresource, no namespace (of a resource that has one:
    /// all namespaces), no name (all of them).
    package struct Resource: Sendable, Hashable {
        /// As `get`, `list`, `create`.
        package var verb: String
        package var group: String
        package var resource: String
        package var subresource: String
        package var namespace: String
        package var name: String

        package init(
            verb: String, group: String = "", resource: String, subresource: String = "", namespace: String = "",
            name: String = ""
        ) {
            self.verb = verb
            self.group = group
            self.resource = resource
            self.subresource = subresource
            self.namespace = namespace
            self.name = name
        }
    }

    var spec: (name: String, value: JSONValue) {
        switch self {
        case .resource(let resource):
            let all = [
                ("verb", resource.verb), ("group", resource.group), ("resource", resource.resource),
                ("subresource", resource.subresource), ("namespace", resource.namespace), ("name", resource.name),
            ]
            let given = all.filter { !$0.1.isEmpty }.map { (name: $0.0, value: JSONValue.string($0.1)) }
            return ("resourceAttributes", .object(JSONObject(given)))
        case .path(let path, let verb):
            return ("nonResourceAttributes", ["path": .string(path), "verb": .string(verb)])
        }
    }
}

extension AccessAttributes: CustomStringConvertible {
    /// As `kubectl auth can-i` has it: `get notebooks.kubeflow.org/status nb-1 in namespace team-a`.
    package var description: String {
        switch self {
        case .path(let path, let verb): return "\(verb) \(path)"
        case .resource(let resource):
            var text = "\(resource.verb) \(resource.resource)"
            if !resource.group.isEmpty { text += ".\(resource.group)" }
            if !resource.subresource.isEmpty { text += "/\(resource.subresource)" }
            if !resource.name.isEmpty { text += " \(resource.name)" }
            return resource.namespace.isEmpty ? text : text + " in namespace \(resource.namespace)"
        }
    }
}
