import Yams

/// A text in a ConfigMap or a Secret.
struct HeldFile {
    /// The object's name and namespace; empty: none is said.
    var object: String
    var namespace: String
    var name: String
    var text: String
    /// Lines of the object's file before the text's first.
    var linesBefore: Int
}

/// A ConfigMap or a Secret.
struct HeldObject {
    var kind: String
    var namespace: String
    var name: String
    var files: [HeldFile]

    /// `stringData` counts before `data`.
    subscript(_ key: String) -> HeldFile? { files.last { $0.name == key } }
}

/// The ConfigMaps and Secrets among Kubernetes objects.
struct HeldObjects {
    let all: [HeldObject]

    var files: [HeldFile] { all.flatMap(\.files) }

    init(_ objects: [Node]) { all = objects.compactMap(Self.held) }

    /// The one of this name that a workload of the namespace means. Throws where nobody can tell.
    func object(_ kind: String, _ name: String, _ namespace: String) throws(ImportProblem) -> HeldObject? {
        let named = all.filter { object in
            object.kind == kind && object.name == name
                && (namespace.isEmpty || object.namespace.isEmpty || object.namespace == namespace)
        }
        let exact = named.filter { $0.namespace == namespace }
        let found = exact.isEmpty ? named : exact
        guard found.count < 2 else {
            throw ImportProblem(text: "there are several of the \(kind) `\(name)`: give the one that the program has only")
        }
        return found.first
    }

    private static func held(_ object: Node) -> HeldObject? {
        guard let kind = object["kind"]?.string, kind == "ConfigMap" || kind == "Secret" else { return nil }
        let name = object["metadata"]?["name"]?.string ?? ""
        let namespace = object["metadata"]?["namespace"]?.string ?? ""
        var files: [HeldFile] = []
        for (section, isEncoded) in [("data", kind == "Secret"), ("stringData", false)] {
            for (key, value) in object[section]?.mapping ?? Node.Mapping([]) {
                guard let key = key.string, let given = value.string else { continue }
                let text = isEncoded ? Base64Text.decode(given).map { String(decoding: $0, as: UTF8.self) } : given
                guard let text else { continue }
                // A block begins in the line behind its key.
                let lines = value.scalar?.style == .literal ? value.mark?.line ?? 0 : 0
                files.append(HeldFile(object: name, namespace: namespace, name: key, text: text, linesBefore: lines))
            }
        }
        return HeldObject(kind: kind, namespace: namespace, name: name, files: files)
    }
}
