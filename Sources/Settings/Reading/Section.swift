import Yams

/// One mapping of the file: the table of its keys, from which decoding, the nearest known key and the schema all come.
struct Section<Value: Sendable>: Sendable {
    let name: String
    let keys: [ListedKey]
    /// Makes the value from the keys; stand-ins are in place of what was refused.
    let build: @Sendable (Fields) -> Value

    init(_ name: String, _ keys: [ListedKey], build: @escaping @Sendable (Fields) -> Value) {
        self.name = name
        self.keys = keys
        self.build = build
    }

    var shape: Shape<Value> { Shape(schema: schema, read: read, show: { _ in nil }) }

    /// The value of an empty mapping; what that lacks is noted nowhere.
    @Sendable func blank(_ reading: Reading) -> Value {
        let nobody = Reading(file: reading.file, sources: .none)
        return build(Fields(mapping: [:], node: .nothing, reading: nobody))
    }

    private var schema: SchemaNode {
        var properties: [(String, SchemaNode)] = []
        var required: [SchemaNode] = []
        for key in keys {
            guard case .known(let schema, let isRequired) = key.state else { continue }
            properties.append((key.name, schema))
            if isRequired { required.append(.text(key.name)) }
        }
        let fixed: [(String, SchemaNode)] = [
            ("type", .text("object")), ("additionalProperties", .boolean(false)), ("properties", .object(properties)),
        ]
        return .object(required.isEmpty ? fixed : fixed + [("required", .array(required))])
    }

    @Sendable private func read(_ node: Node, _ reading: Reading) -> Value? {
        guard case .mapping(let mapping) = node else {
            reading.error("`\(name)` is a mapping, not \(node.kind)", "its keys are \(knownNames)", at: node)
            return nil
        }
        var values: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = accepted(key, reading) else { continue }
            values[name] = value
        }
        return build(Fields(mapping: values, node: node, reading: reading))
    }

    /// The key's name when the table has it; a problem is noted otherwise.
    private func accepted(_ key: Node, _ reading: Reading) -> String? {
        guard case .scalar(let scalar) = key else {
            reading.error("a key of `\(name)` is not a name", "its keys are \(knownNames)", at: key)
            return nil
        }
        let text = scalar.string
        guard let listed = keys.first(where: { $0.name.utf8.elementsEqual(text.utf8) }) else {
            reading.error("unknown key \(quoted(text)) in `\(name)`", suggestion(for: text), at: key)
            return nil
        }
        switch listed.state {
        case .known: return text
        case .notYet:
            reading.error("`\(text)` in `\(name)` is not supported by this version yet", "remove it", at: key)
            return nil
        }
    }

    private func suggestion(for text: String) -> String {
        let candidates = keys.filter { if case .known = $0.state { true } else { false } }.map(\.name)
        guard let nearest = nearestName(to: text, in: candidates) else { return "its keys are \(knownNames)" }
        return "did you mean `\(nearest)`?"
    }

    private var knownNames: String {
        keys.compactMap { if case .known = $0.state { "`\($0.name)`" } else { nil } }.joined(separator: ", ")
    }
}

/// The keys of one mapping in the file, read by their typed names.
struct Fields {
    let mapping: [String: Node]
    /// The mapping itself, for problems about the whole of it.
    let node: Node
    let reading: Reading

    /// The key's value; its default or stand-in where the file has none or a refused one.
    func callAsFunction<Value>(_ key: Key<Value>) -> Value {
        guard let node = given(key.name) else {
            if key.isRequired { reading.error("`\(key.name)` is missing", "add `\(key.name): …`", at: self.node) }
            return key.fallback(reading)
        }
        return reading.descend("." + key.name, node) { key.shape.read(node, reading) } ?? key.fallback(reading)
    }

    /// The key's node when the file has it and it is not null.
    func given(_ name: String) -> Node? {
        mapping[name].flatMap { $0.isNull ? nil : $0 }
    }
}
