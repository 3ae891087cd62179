import Yams

/// One key of a section: its name, what may stand there, what holds when it is missing, and what it is for.
struct Key<Value: Sendable>: Sendable {
    let name: String
    let shape: Shape<Value>
    let note: String
    let isRequired: Bool
    /// What holds when the key is missing; for a required key a stand-in that lets the reading go on.
    let fallback: @Sendable (Reading) -> Value
    /// Shown in the schema.
    let shownDefault: SchemaNode?

    static func required(_ name: String, _ shape: Shape<Value>, standIn: Value, _ note: String) -> Key {
        Key(name: name, shape: shape, note: note, isRequired: true, fallback: { _ in standIn }, shownDefault: nil)
    }

    static func defaulted(_ name: String, _ shape: Shape<Value>, _ value: Value, _ note: String) -> Key {
        Key(
            name: name, shape: shape, note: note, isRequired: false, fallback: { _ in value }, shownDefault: shape.show(value))
    }

    /// A section that is there even when the file does not have it: all its defaults.
    static func section(_ name: String, _ section: Section<Value>, _ note: String) -> Key {
        Key(
            name: name, shape: section.shape, note: note, isRequired: false, fallback: section.blank,
            shownDefault: nil)
    }

    /// A key that may be missing.
    static func optional<Wrapped>(_ name: String, _ shape: Shape<Wrapped>, _ note: String) -> Key
    where Value == Wrapped? {
        Key(
            name: name, shape: shape.optional, note: note, isRequired: false, fallback: { _ in nil }, shownDefault: nil)
    }

    /// The key without its type, for the section's table.
    var listed: ListedKey { ListedKey(name: name, state: .known(schema, isRequired: isRequired)) }

    private var schema: SchemaNode {
        shape.schema.adding([("description", .text(note))] + (shownDefault.map { [("default", $0)] } ?? []))
    }
}

/// What a section's table says about one of its keys.
struct ListedKey: Sendable {
    enum State: Sendable {
        case known(SchemaNode, isRequired: Bool)
        /// A name that is promised, but not built yet.
        case notYet
    }

    let name: String
    let state: State

    static func notYet(_ name: String) -> ListedKey { ListedKey(name: name, state: .notYet) }
}
