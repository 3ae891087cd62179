import Foundation
import Yams

/// Why a file cannot be read at all.
package struct ImportProblem: Error, Equatable {
    package var text: String

    package init(text: String) { self.text = text }
}

enum ForeignDocument {
    static let maximumBytes = 1 << 20

    /// The mapping in a YAML file; where the file holds Kubernetes objects, that of the one key of this name in a ConfigMap or
    /// Secret, in which such programs keep their file.
    static func mapping(_ bytes: [UInt8], key: String, _ report: ImportReport) throws(ImportProblem) -> ForeignValue {
        guard bytes.count <= maximumBytes else { throw ImportProblem(text: "the file is larger than 1 MiB") }
        let documents = try parse(String(decoding: bytes, as: UTF8.self))
        for document in documents where document["kind"]?.string != nil && document["apiVersion"] != nil {
            guard let text = held(document, key) else { continue }
            return try single(parse(text), report)
        }
        return try single(documents, report)
    }

    private static func single(_ documents: [Node], _ report: ImportReport) throws(ImportProblem) -> ForeignValue {
        guard documents.count == 1, let node = documents.first, node.mapping != nil else {
            throw ImportProblem(text: "the file is not one YAML mapping, and has no ConfigMap or Secret with one")
        }
        return ForeignValue(node, "", report)
    }

    static func parse(_ text: String) throws(ImportProblem) -> [Node] {
        do {
            var documents = try compose_all(yaml: text)
            var nodes: [Node] = []
            while let node = documents.next() { nodes.append(node) }
            // The sequence ends where it fails.
            if let error = documents.error { throw error }
            return nodes
        } catch {
            throw ImportProblem(text: "not YAML: \(problem(error))")
        }
    }

    /// Without the text around it, which may be a secret.
    private static func problem(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(_, let context): "line \(context.mark.line): a key stands there twice"
        default: "it cannot be read"
        }
    }

    private static func held(_ object: Node, _ key: String) -> String? {
        if let text = object["stringData"]?[key]?.string { return text }
        guard let text = object["data"]?[key]?.string else { return nil }
        guard object["kind"]?.string == "Secret" else { return text }
        return Data(base64Encoded: text).map { String(decoding: $0, as: UTF8.self) }
    }
}
