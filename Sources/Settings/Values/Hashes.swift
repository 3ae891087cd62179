import JOSE
import Yams

extension Shape {
    /// A hash as a text, or where that is kept: `{file: path}` or `{env: NAME}`.
    /// - Parameters:
    ///   - pattern: of the text, for the schema.
    ///   - checked: what the text stands for; refuses what it does not take.
    static func hash(
        pattern: String, _ checked: @escaping @Sendable (_ text: String, Node, Reading) -> Value?
    ) -> Shape {
        let place = Shape<Secret>.secretPlace(.passwordHash)
        let text = SchemaNode.object([("type", .text("string")), ("pattern", .text(pattern))])
        return Shape(
            schema: .object([("oneOf", .array([text, place.schema]))]),
            read: { node, reading in
                guard case .mapping = node else {
                    guard let text = reading.text(node) else { return nil }
                    reading.mark(node, as: .secret(Secret(utf8: text)))
                    return checked(text, node, reading)
                }
                return place.read(node, reading).flatMap { checked($0.text, node, reading) }
            },
            show: { _ in nil })
    }
}
