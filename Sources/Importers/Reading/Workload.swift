import Foundation
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

    /// A text in a ConfigMap or a Secret.
    struct HeldFile {
        /// The object's name.
        var object: String
        var name: String
        var text: String
        /// Lines of the object's file before the text's first.
        var linesBefore: Int
    }

    private(set) var arguments: [Text] = []
    private(set) var variables: [Variable] = []
    private(set) var files: [HeldFile] = []
    private var held: [String: [String: String]] = [:]

    /// Objects as `kubectl get … -o yaml` prints them; `container` says which of several containers is the program.
    init(_ documents: [Node], container isOurs: (Node) -> Bool) {
        let objects = documents.flatMap(Self.objects)
        for object in objects { hold(object) }
        for container in objects.flatMap(Self.containers) where isOurs(container) { read(container) }
    }

    static func isObject(_ node: Node) -> Bool { node["kind"]?.string != nil && node["apiVersion"]?.string != nil }

    private static func objects(_ node: Node) -> [Node] {
        guard let kind = node["kind"]?.string, kind == "List" || kind.hasSuffix("List"), let items = node["items"]?.sequence
        else {
            return [node]
        }
        return items.flatMap(objects)
    }

    private static func containers(_ object: Node) -> [Node] {
        let spec = object["spec"]
        let pods = [spec, spec?["template"]?["spec"], spec?["jobTemplate"]?["spec"]?["template"]?["spec"], object]
        return pods.compactMap { $0?["containers"]?.sequence }.flatMap { Array($0) }
    }

    private mutating func hold(_ object: Node) {
        guard let kind = object["kind"]?.string, kind == "ConfigMap" || kind == "Secret" else { return }
        let own = object["metadata"]?["name"]?.string ?? ""
        let name = "\(kind)/\(own)"
        for (section, isEncoded) in [("data", kind == "Secret"), ("stringData", false)] {
            for (key, value) in object[section]?.mapping ?? Node.Mapping([]) {
                guard let key = key.string, let given = value.string else { continue }
                let text = isEncoded ? Base64Text.decode(given).map { String(decoding: $0, as: UTF8.self) } : given
                guard let text else { continue }
                held[name, default: [:]][key] = text
                // A block begins in the line behind its key.
                let isBlock = value.scalar?.style == .literal
                files.append(HeldFile(object: own, name: key, text: text, linesBefore: isBlock ? value.mark?.line ?? 0 : 0))
            }
        }
    }

    private mutating func read(_ container: Node) {
        for key in ["command", "args"] {
            for word in container[key]?.sequence ?? Node.Sequence([]) {
                word.scalar.map { arguments.append(Text(text: $0.string, line: word.mark?.line)) }
            }
        }
        for entry in container["env"]?.sequence ?? Node.Sequence([]) { readVariable(entry) }
        for entry in container["envFrom"]?.sequence ?? Node.Sequence([]) { readAll(entry) }
    }

    private mutating func readVariable(_ entry: Node) {
        guard let name = entry["name"]?.string else { return }
        variables.append(Variable(name: name, value: value(entry), line: entry.mark?.line))
    }

    private func value(_ entry: Node) -> Variable.Value {
        if let text = entry["value"]?.scalar?.string { return .text(text) }
        for (reference, kind) in [("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")] {
            guard let from = entry["valueFrom"]?[reference] else { continue }
            let (name, key) = (from["name"]?.string ?? "", from["key"]?.string ?? "")
            if let text = held["\(kind)/\(name)"]?[key] { return .text(text) }
            return kind == "Secret" ? .secret : .missing("the key `\(key)` of the ConfigMap `\(name)`")
        }
        return entry["valueFrom"] == nil ? .text("") : .missing("the place that `valueFrom` names")
    }

    private mutating func readAll(_ entry: Node) {
        let prefix = entry["prefix"]?.string ?? ""
        for (reference, kind) in [("secretRef", "Secret"), ("configMapRef", "ConfigMap")] {
            guard let name = entry[reference]?["name"]?.string else { continue }
            guard let texts = held["\(kind)/\(name)"] else {
                variables.append(
                    Variable(name: "envFrom", value: .missing("all of the \(kind) `\(name)`"), line: entry.mark?.line))
                continue
            }
            for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
                variables.append(Variable(name: prefix + key, value: .text(text), line: entry.mark?.line))
            }
        }
    }
}
