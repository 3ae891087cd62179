import JOSE

/// One Kubernetes object, every scalar as its text.
package struct ClusterObject: Sendable {
    let file: String
    let kind: String
    let namespace: String
    let name: String
    let content: JSONValue

    /// `nil` for what is no object.
    init?(_ content: JSONValue, file: String) {
        guard let kind = content.text("kind"), content.text("apiVersion") != nil else { return nil }
        self.file = file
        self.kind = kind
        namespace = content.text("metadata", "namespace") ?? "default"
        name = content.text("metadata", "name") ?? ""
        self.content = content
    }

    /// `AuthorizationPolicy istio-system/gatehouse`
    var subject: String { "\(kind) \(namespace)/\(name)" }

    /// Hosts and names of Services that a VirtualService or HTTPRoute leads to.
    var destinations: [String] {
        content.list("spec", "http").flatMap { $0.list("route") }.compactMap { $0.text("destination", "host") }
            + content.list("spec", "rules").flatMap { $0.list("backendRefs") }.compactMap { $0.text("name") }
    }
}

extension JSONValue {
    /// What is at a path of names.
    func at(_ path: String...) -> JSONValue? { at(path[...]) }

    func text(_ path: String...) -> String? { at(path[...])?.string }

    /// `nil` for what is no whole number.
    func number(_ path: String...) -> Int? { at(path[...])?.string.flatMap { Int($0) } }

    /// The elements of a list there; none where there is no list.
    func list(_ path: String...) -> [JSONValue] { at(path[...])?.array ?? [] }

    func texts(_ path: String...) -> [String] { (at(path[...])?.array ?? []).compactMap(\.string) }

    func at(_ path: ArraySlice<String>) -> JSONValue? {
        guard let first = path.first else { return self }
        return object?[first]?.at(path.dropFirst())
    }

    /// Everything below that has this name, wherever it stands.
    func everything(called name: String) -> [JSONValue] {
        switch self {
        case .object(let object):
            object.members.flatMap { ($0.name == name ? [$0.value] : []) + $0.value.everything(called: name) }
        case .array(let values): values.flatMap { $0.everything(called: name) }
        case .null, .bool, .integer, .number, .string: []
        }
    }
}
