import Yams

/// What a value of the file may look like: how to read it, its JSON schema, and how a default of it is shown there.
struct Shape<Value: Sendable>: Sendable {
    var schema: SchemaNode
    /// nil when the node was refused; the reason is in the reading then.
    var read: @Sendable (Node, Reading) -> Value?
    var show: @Sendable (Value) -> SchemaNode?

    /// The same shape where a missing value is meaningful.
    var optional: Shape<Value?> {
        let shape = self
        return Shape<Value?>(
            schema: schema,
            read: { node, reading in shape.read(node, reading).map(Optional.some) },
            show: { $0.flatMap(shape.show) })
    }

    /// One plain or quoted scalar, taken by `parse`.
    static func scalar(
        _ schema: SchemaNode, show: @escaping @Sendable (Value) -> SchemaNode? = { .text("\($0)") },
        parse: @escaping @Sendable (String) throws(Complaint) -> Value
    ) -> Shape {
        Shape(schema: schema, read: { node, reading in reading.scalar(node, parse) }, show: show)
    }

    /// A list of values of one shape; elements that are refused are left out.
    static func list<Element>(of element: Shape<Element>) -> Shape where Value == [Element] {
        Shape(
            schema: .object([("type", .text("array")), ("items", element.schema)]),
            read: { node, reading in reading.list(node, element) },
            show: { .array($0.compactMap(element.show)) })
    }

    /// One value, or a list of them.
    static func oneOrMore<Element>(of element: Shape<Element>) -> Shape where Value == [Element] {
        let list = Shape.list(of: element)
        return Shape(
            schema: .object([("oneOf", .array([element.schema, list.schema]))]),
            read: { node, reading in
                if case .sequence = node { return list.read(node, reading) }
                return element.read(node, reading).map { [$0] }
            },
            show: list.show)
    }

    /// Refuses further, or turns the value into another, after the shape has taken it.
    func then<Next>(
        show: @escaping @Sendable (Next) -> SchemaNode? = { _ in nil },
        _ next: @escaping @Sendable (Value, Node, Reading) -> Next?
    ) -> Shape<Next> {
        let shape = self
        return Shape<Next>(
            schema: schema,
            read: { node, reading in shape.read(node, reading).flatMap { next($0, node, reading) } },
            show: show)
    }
}

extension Reading {
    /// The text of a scalar, or nil with a problem noted.
    func text(_ node: Node) -> String? {
        guard case .scalar(let scalar) = node, !node.isNull else {
            error("a single value belongs here, not \(node.kind)", "write it as `\(lastStep): value`", at: node)
            return nil
        }
        return scalar.string
    }

    fileprivate func scalar<Value>(_ node: Node, _ parse: (String) throws(Complaint) -> Value) -> Value? {
        guard let text = text(node) else { return nil }
        do {
            return try parse(text)
        } catch {
            self.error(error.what, error.mend, at: node)
            return nil
        }
    }

    fileprivate func list<Element>(_ node: Node, _ element: Shape<Element>) -> [Element]? {
        guard case .sequence(let sequence) = node else {
            error("a list belongs here, not \(node.kind)", "write `\(lastStep): [ … ]` or one `- ` line for each", at: node)
            return nil
        }
        return sequence.enumerated().compactMap { index, item in
            descend("[\(index)]", item) { element.read(item, self) }
        }
    }

    /// The key that is being read, for messages.
    var lastStep: String {
        let key = way.split(separator: ".").last.map(String.init) ?? way
        return key.split(separator: "[").first.map(String.init) ?? key
    }
}
