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
        } catch let error as Unreadable { throw error } catch { throw Unreadable(reason: "\(error)") }
        return values.flatMap { value in
            value.text("kind")?.hasSuffix("List") == true && value.at("items") != nil ? value.list("items") : [value]
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
