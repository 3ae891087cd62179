/// The JSON schema of the configuration file (draft 2020-12), made from the same tables that read it.
package enum ConfigurationSchema {
    /// For editors; the checks over the whole, secrets and files are beyond a schema: `gatehouse config check` has them.
    package static var json: String {
        SchemaNode.object([
            ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
            ("title", .text("Gatehouse configuration")),
        ]).adding(ConfigurationSection.section.shape.schema.pairs).json() + "\n"
    }
}

extension SchemaNode {
    fileprivate var pairs: [(String, SchemaNode)] {
        if case .object(let pairs) = self { pairs } else { [] }
    }
}
