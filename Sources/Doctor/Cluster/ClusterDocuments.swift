import JOSE
import Yams

/// Reads objects as `kubectl get … -o yaml` writes them: several documents, and lists.
enum ClusterDocuments {
    /// Why a text is no YAML.
    struct Unreadable: Error {
        let reason: String
    }

    private static let maximumValues = 500_000
    private static let maximumDepth = 64

    /// Every document of the text, lists taken apart.
    static func values(_ text: String) throws(Unreadable) -> [JSONValue] {
        var left = maximumValues
        var values: [JSONValue] = []
        do {
            var documents = try compose_all(yaml: text)
            while let node = documents.next() { values.append(try value(node, &left, depth: 0)) }
            if let error = documents.error { throw error }
        } catch let error as Unreadable { throw error } catch { throw Unreadable(reason: reason(error)) }
        return values.flatMap { value in
            value.text("kind")?.hasSuffix("List") == true && value.at("items") != nil ? value.list("items") : [value]
        }
    }

    /// Without what stands in that line: it may be a Secret's.
    private static func reason(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "line \(max(1, mark.line)) is not YAML: \(problem)"
        case .duplicatedKeysInMapping(_, let context): "in the mapping of line \(max(1, context.mark.line)) a key stands twice"
        case .reader(let problem, _, _, _): "it is no text: \(problem)"
        default: "it is not YAML"
        }
    }

    private static func value(_ node: Node, _ left: inout Int, depth: Int) throws(Unreadable) -> JSONValue {
        left -= 1
        guard left > 0, depth < maximumDepth else { throw Unreadable(reason: "it is too large or too deep") }
        switch node {
        case .scalar(let scalar): return .string(scalar.string)
        case .alias: return .null
        case .sequence(let items):
            var values: [JSONValue] = []
            for item in items { values.append(try value(item, &left, depth: depth + 1)) }
            return .array(values)
        case .mapping(let pairs):
            var members: [(name: String, value: JSONValue)] = []
            for (key, item) in pairs { members.append((key.string ?? "", try value(item, &left, depth: depth + 1))) }
            return .object(JSONObject(members))
        }
    }
}
