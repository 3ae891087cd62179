import Yams

/// What Kubernetes objects give a program: its arguments, its environment, its files.
struct Workload {
    /// A word of `command` or `args`, or the value of a variable.
    struct Text {
        var text: String
        var line: Int?
    }

    struct Variable {
        enum Value {
            case text(String)
            /// The key of a Secret that is not among the objects.
            case secret
            /// The key of a ConfigMap that is not among the objects.
            case missing(String)
        }

        var name: String
        var value: Value
        var line: Int?
    }

    private(set) var arguments: [Text] = []
    private(set) var variables: [Variable] = []
    let held: HeldObjects
    private let program: Program?

    /// Whether the program is among the objects.
    var isThere: Bool { program != nil }

    /// Objects as `kubectl get … -o yaml` prints them; `container` says which of several containers is the program. Throws where
    /// that are several.
    init(_ documents: [Node], container isOurs: (Node) -> Bool) throws(ImportProblem) {
        let objects = documents.flatMap(Self.objects)
        held = HeldObjects(objects)
        program = try Self.program(objects.flatMap(Self.programs).filter { isOurs($0.container) })
        if let program { try read(program.container) }
    }

    /// A container, and what it is part of.
    private struct Program {
        var container: Node
        var pod: Node
        var namespace: String
        var name: String
        /// Made by another object, as a Deployment's Pods are.
        var isOwned: Bool
    }

    private static func program(_ found: [Program]) throws(ImportProblem) -> Program? {
        let first = found.filter { !$0.isOwned }
        let all = first.isEmpty ? found : first
        guard all.count < 2 else {
            let names = all.map { "`\($0.name)`" }.joined(separator: ", ")
            throw ImportProblem(text: "several containers may be the program, in \(names): give the objects of one of them only")
        }
        return all.first
    }

    static func isObject(_ node: Node) -> Bool { node["kind"]?.string != nil && node["apiVersion"]?.string != nil }

    private static func objects(_ node: Node) -> [Node] {
        guard let kind = node["kind"]?.string, kind == "List" || kind.hasSuffix("List"), let items = node["items"]?.sequence
        else {
            return [node]
        }
        return items.flatMap(objects)
    }

    private static func programs(_ object: Node) -> [Program] {
        let (spec, metadata) = (object["spec"], object["metadata"])
        let pods = [spec, spec?["template"]?["spec"], spec?["jobTemplate"]?["spec"]?["template"]?["spec"], object]
        let namespace = metadata?["namespace"]?.string ?? ""
        let name = [namespace, object["kind"]?.string, metadata?["name"]?.string].compactMap { $0 }.filter { !$0.isEmpty }
        return pods.compactMap { $0 }.flatMap { pod in
            (pod["containers"]?.sequence ?? []).map {
                Program(
                    container: $0, pod: pod, namespace: namespace, name: name.joined(separator: "/"),
                    isOwned: metadata?["ownerReferences"]?.sequence?.isEmpty == false)
            }
        }
    }

    private mutating func read(_ container: Node) throws(ImportProblem) {
        for key in ["command", "args"] {
            for word in container[key]?.sequence ?? Node.Sequence([]) {
                word.scalar.map { arguments.append(Text(text: $0.string, line: word.mark?.line)) }
            }
        }
        // Of several values of a variable the last counts, and those of `env` before those of `envFrom`.
        for entry in container["envFrom"]?.sequence ?? Node.Sequence([]) { try readAll(entry) }
        for entry in container["env"]?.sequence ?? Node.Sequence([]) { try readVariable(entry) }
    }

    private mutating func readVariable(_ entry: Node) throws(ImportProblem) {
        guard let name = entry["name"]?.string else { return }
        variables.append(Variable(name: name, value: try value(entry), line: entry.mark?.line))
    }

    private func value(_ entry: Node) throws(ImportProblem) -> Variable.Value {
        if let text = entry["value"]?.scalar?.string { return .text(text) }
        for (reference, kind) in [("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")] {
            guard let from = entry["valueFrom"]?[reference] else { continue }
            let (name, key) = (from["name"]?.string ?? "", from["key"]?.string ?? "")
            if let file = try object(kind, name)?[key] { return .text(file.text) }
            return kind == "Secret" ? .secret : .missing("the key `\(key)` of the ConfigMap `\(name)`")
        }
        return entry["valueFrom"] == nil ? .text("") : .missing("the place that `valueFrom` names")
    }

    private mutating func readAll(_ entry: Node) throws(ImportProblem) {
        let prefix = entry["prefix"]?.string ?? ""
        for (reference, kind) in [("secretRef", "Secret"), ("configMapRef", "ConfigMap")] {
            guard let name = entry[reference]?["name"]?.string else { continue }
            guard let object = try object(kind, name) else {
                variables.append(
                    Variable(name: "envFrom", value: .missing("all of the \(kind) `\(name)`"), line: entry.mark?.line))
                continue
            }
            for file in object.files.sorted(by: { $0.name < $1.name }) {
                variables.append(Variable(name: prefix + file.name, value: .text(file.text), line: entry.mark?.line))
            }
        }
    }

    private func object(_ kind: String, _ name: String) throws(ImportProblem) -> HeldObject? {
        try held.object(kind, name, program?.namespace ?? "")
    }
}

extension Workload {
    /// What is mounted where the program reads a file.
    enum Mounted {
        case file(HeldFile)
        /// Something that is not among the objects.
        case missing(String)
        /// Nothing.
        case none
    }

    func mounted(_ path: String) throws(ImportProblem) -> Mounted {
        guard let (mount, rest) = mount(path) else { return .none }
        let name = mount["name"]?.string ?? ""
        let unknown = Mounted.missing("the volume `\(name)`")
        guard mount["subPathExpr"] == nil,
            let volume = program?.pod["volumes"]?.sequence?.first(where: { $0["name"]?.string == name })
        else { return unknown }
        let place = [mount["subPath"]?.string ?? "", rest].filter { !$0.isEmpty }.joined(separator: "/")
        var missing: Mounted?
        for (kind, source) in Self.sources(volume) {
            let items = source["items"]?.sequence
            let key = items == nil ? place : items?.first { $0["path"]?.string == place }?["key"]?.string
            guard let key, let name = (source["name"] ?? source["secretName"])?.string else { continue }
            guard let object = try object(kind, name) else {
                missing = .missing("the \(kind) `\(name)`")
                continue
            }
            if let file = object[key] { return .file(file) }
        }
        return missing ?? unknown
    }

    /// Files of this name that the program could have mounted.
    func files(named name: String) -> [HeldFile] {
        let namespace = program?.namespace ?? ""
        return held.files.filter {
            $0.name == name && (namespace.isEmpty || $0.namespace.isEmpty || $0.namespace == namespace)
        }
    }

    /// The innermost mount that a path is in, and the path within it.
    private func mount(_ path: String) -> (Node, String)? {
        (program?.container["volumeMounts"]?.sequence ?? []).compactMap { mount -> (Node, String)? in
            guard let given = mount["mountPath"]?.string else { return nil }
            let folder = given.hasSuffix("/") ? String(given.dropLast()) : given
            if path == folder { return (mount, "") }
            return path.hasPrefix(folder + "/") ? (mount, String(path.dropFirst(folder.count + 1))) : nil
        }.min { $0.1.count < $1.1.count }
    }

    private static func sources(_ volume: Node) -> [(String, Node)] {
        ([volume] + (volume["projected"]?["sources"]?.sequence ?? [])).flatMap { source in
            [("ConfigMap", source["configMap"]), ("Secret", source["secret"])].compactMap { kind, node in node.map { (kind, $0) }
            }
        }
    }
}
