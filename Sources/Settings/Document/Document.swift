import Yams

/// Why the text is no YAML document that we take.
struct DocumentFault: Error {
    var position: Position
    var what: String
    var mend: String
}

/// The configuration file as a YAML tree, before anybody asks what its keys mean.
enum Document {
    static let maximumBytes = 1 << 20
    static let maximumDepth = 32

    /// The only document of the text: UTF-8, no anchors and aliases, no tags, no key twice, bounded in size and depth.
    static func parse(_ bytes: [UInt8]) throws(DocumentFault) -> Node {
        let text = try text(of: bytes)
        try refuseExpansion(text)
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            // The tree holds its anchors weakly: the parser must outlive the walk.
            return try withExtendedLifetime(parser) {
                let root = try parser.singleRoot() ?? .nothing
                try refuseUnwanted(root, depth: 0)
                return root
            }
        } catch let fault as DocumentFault {
            throw fault
        } catch let error as YamlError {
            throw fault(for: error)
        } catch {
            throw DocumentFault(position: Position(line: 1, column: 1), what: "not readable as YAML", mend: "check the file")
        }
    }

    private static func text(of bytes: [UInt8]) throws(DocumentFault) -> String {
        guard bytes.count <= maximumBytes else {
            let start = Position(line: 1, column: 1)
            throw DocumentFault(position: start, what: "the file is larger than 1 MiB", mend: "make it smaller")
        }
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let content = hasMark ? bytes[3...] : bytes[...]
        if let (position, what) = firstUnreadable(content) {
            throw DocumentFault(position: position, what: what, mend: "save the file as plain UTF-8 text")
        }
        return String(decoding: content, as: UTF8.self)
    }

    /// The first place that is not UTF-8, or a control character that no text has.
    private static func firstUnreadable(_ bytes: ArraySlice<UInt8>) -> (Position, String)? {
        var position = Position(line: 1, column: 1)
        var iterator = bytes.makeIterator()
        var decoder = UTF8()
        while true {
            switch decoder.decode(&iterator) {
            case .emptyInput: return nil
            case .error: return (position, "the file is not UTF-8")
            case .scalarValue("\n"): position = Position(line: position.line + 1, column: 1)
            case .scalarValue(let scalar):
                let isControl = scalar.value < 0x20 && scalar != "\t" && scalar != "\r" || (0x7f...0x9f).contains(scalar.value)
                if isControl { return (position, "a control character") }
                position.column += 1
            }
        }
    }

    /// Anchors, explicit tags, and nesting without end.
    private static func refuseUnwanted(_ node: Node, depth: Int, isKey: Bool = false) throws(DocumentFault) {
        guard depth <= maximumDepth else {
            throw DocumentFault(
                position: node.position, what: "nested more than \(maximumDepth) deep", mend: "nothing here needs that")
        }
        if let what = unwanted(node, isKey: isKey) {
            throw DocumentFault(position: node.position, what: what, mend: "write the value itself")
        }
        switch node {
        case .scalar, .alias: break
        case .sequence(let items): for item in items { try refuseUnwanted(item, depth: depth + 1) }
        case .mapping(let pairs):
            for (key, value) in pairs {
                try refuseUnwanted(key, depth: depth + 1, isKey: true)
                try refuseUnwanted(value, depth: depth + 1)
            }
        }
    }

    private static func unwanted(_ node: Node, isKey: Bool) -> String? {
        let (anchor, tag): (Anchor?, Tag) =
            switch node {
            case .scalar(let scalar): (scalar.anchor, scalar.tag)
            case .sequence(let sequence): (sequence.anchor, sequence.tag)
            case .mapping(let mapping): (mapping.anchor, mapping.tag)
            case .alias(let alias): (alias.anchor, alias.tag)
            }
        if anchor != nil { return "anchors (`&name`) and aliases (`*name`) are not taken" }
        // The parser has put the type that it guessed into the tags of keys.
        if isKey, "\(tag)".hasPrefix("tag:yaml.org,2002:") { return nil }
        let plain: [Tag.Name] = [.implicit, .str, .seq, .map, "!"]
        return plain.contains { $0.rawValue == "\(tag)" } ? nil : "tags (`!name`) are not taken"
    }
}
