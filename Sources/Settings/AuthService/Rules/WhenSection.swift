import Yams

/// `authService.rules[].when`
enum WhenSection {
    static let headers = Key.defaulted(
        "headers", headerMap, [], "Headers: `true` for one that is there, `false` for one that is not, or values with `*`.")
    static let networks = Key.defaulted(
        "networks", .list(of: .addressRange()), [], "The client's address, behind trusted proxies, is in one of these ranges.")
    static let times = Key.defaulted("times", .list(of: TimeSection.section.shape), [], "It is in one of these times.")

    static let section = Section("when", [headers.listed, networks.listed, times.listed]) { fields in
        for key in [networks.name, times.name] {
            guard let node = fields.given(key), node.sequence?.isEmpty == true else { continue }
            fields.reading.error("`\(key)` is empty: the rule can never match", "remove `\(key)`", at: node)
        }
        return RequestConditions(headers: fields(headers), networks: fields(networks), times: fields(times))
    }

    private static let headerMap = Shape<[HeaderRequirement]>.mapping(of: TextChoice.schema) { name, key, node, reading in
        guard let header = Shape<String>.httpToken("a header name").read(key, reading)?.lowercased() else { return nil }
        let value: HeaderRequirement.Value? =
            switch TextChoice.flag(node) {
            case true: .present
            case false: .absent
            case nil: TextChoice.read(node, reading).map { .oneOf($0) }
            }
        return value.map { HeaderRequirement(name: header, value: $0) }
    }
}

/// One text or several of which one has to match.
enum TextChoice {
    static let schema = SchemaNode.object([
        (
            "oneOf",
            .array([
                Shape<String>.text().schema, .object([("type", .text("boolean"))]),
                Shape<[String]>.list(of: Shape<String>.text()).schema,
            ])
        )
    ])

    /// `true` and `false` without quotes.
    static func flag(_ node: Node) -> Bool? {
        guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else { return nil }
        return ["true": true, "false": false][scalar.string]
    }

    static func read(_ node: Node, _ reading: Reading) -> [String]? {
        guard case .sequence(let sequence) = node else { return Shape<String>.text().read(node, reading).map { [$0] } }
        if sequence.isEmpty { return reading.refuse("the list is empty: nothing could match", "write a value", node) }
        return Shape<[String]>.list(of: Shape<String>.text()).read(node, reading)
    }
}

extension Shape {
    /// A mapping whose keys are names of other systems. `read` gets the key's text, the key and the value.
    static func mapping<Element: Sendable>(
        of schema: SchemaNode, read: @escaping @Sendable (String, Node, Node, Reading) -> Element?
    ) -> Shape where Value == [Element] {
        Shape(
            schema: .object([("type", .text("object")), ("additionalProperties", schema)]),
            read: { node, reading in
                guard case .mapping(let mapping) = node else {
                    return reading.refuse("a mapping belongs here, not \(node.kind)", "write `{ name: value }`", node)
                }
                return mapping.compactMap { key, value in
                    let name = key.string ?? ""
                    return reading.descend("." + name, value) { read(name, key, value, reading) }
                }
            },
            show: { _ in .object([]) })
    }
}
