import Yams

/// `authService.rules[].headers`
enum RuleHeaderMap {
    private static let element = SchemaNode.object([
        ("oneOf", .array([Shape<String>.text().schema, .object([("enum", .array([.boolean(false)]))])]))
    ])

    static let shape = Shape<[RuleHeader]>.mapping(of: element) { _, key, node, reading in
        guard let name = reading.identityHeader(key) else { return nil }
        if node.scalar?.string == "false" { return RuleHeader(name: name, template: nil) }
        return HeaderTemplateText.shape.read(node, reading).map { RuleHeader(name: name, template: $0) }
    }.then { headers, node, reading -> [RuleHeader]? in
        for (index, header) in headers.enumerated() where headers[..<index].contains(where: { $0.name == header.name }) {
            return reading.refuse(
                "the header `\(header.name)` is there twice", "remove one; letter case makes no difference", node)
        }
        return headers
    }
}

/// How one identity header differs under a rule.
package struct RuleHeader: Sendable, Equatable {
    /// Lower case.
    package var name: String
    /// As `IdentitySettings.Header.template`; nil: the header is not told under this rule.
    package var template: String?
}
