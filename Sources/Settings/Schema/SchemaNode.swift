/// A piece of the JSON schema; keys keep their order, so that the printed schema changes only where the tables change.
indirect enum SchemaNode: Sendable {
    case text(String)
    case integer(Int)
    case boolean(Bool)
    case array([SchemaNode])
    case object([(String, SchemaNode)])

    /// The object with further keys behind its own.
    func adding(_ more: [(String, SchemaNode)]) -> SchemaNode {
        guard case .object(let pairs) = self else { return self }
        return .object(pairs + more)
    }

    /// As JSON, two spaces a level.
    func json(indent: String = "") -> String {
        let deeper = indent + "  "
        switch self {
        case .text(let text): return quotedJSON(text)
        case .integer(let number): return String(number)
        case .boolean(let flag): return flag ? "true" : "false"
        case .array(let items):
            if items.isEmpty { return "[]" }
            return "[\n" + items.map { deeper + $0.json(indent: deeper) }.joined(separator: ",\n") + "\n\(indent)]"
        case .object(let pairs):
            if pairs.isEmpty { return "{}" }
            let lines = pairs.map { deeper + quotedJSON($0) + ": " + $1.json(indent: deeper) }
            return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
        }
    }

    private func quotedJSON(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case let control where control.value < 0x20:
                let hex = String(control.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}
