/// What may stand at a place of the file, for those who carry options over from elsewhere.
package indirect enum KnownOption: Sendable {
    case section([String: KnownOption])
    case list(KnownOption)
    case secret
    case value

    /// The options of connectors of a type of ours; nil where there is no such type.
    package static func connector(_ type: String) -> KnownOption? {
        ConnectorSection.Kind(rawValue: type).flatMap { kind in
            ConnectorSection.section.keys.first { $0.name == kind.rawValue }.flatMap(KnownOption.init)
        }
    }

    private init?(_ key: ListedKey) {
        guard case .known(let schema, _) = key.state else { return nil }
        self.init(schema)
    }

    private init(_ schema: SchemaNode) {
        if case .object(let properties) = schema["properties"] {
            self = .section(Dictionary(properties.map { ($0, KnownOption($1)) }) { first, _ in first })
        } else if let items = schema["items"] {
            self = .list(KnownOption(items))
        } else if case .array(let choices) = schema["oneOf"], choices.contains(where: { $0["properties"]?["env"] != nil }) {
            self = .secret
        } else {
            self = .value
        }
    }
}

extension SchemaNode {
    fileprivate subscript(_ name: String) -> SchemaNode? {
        guard case .object(let pairs) = self else { return nil }
        return pairs.first { $0.0 == name }?.1
    }
}
