import Yams

/// `authService.rules[].onFailure`
enum FailureSection {
    static let knownSessions = Key.required(
        "known-sessions", .duration(atLeast: 60, atMost: 86400), standIn: 0,
        "How long sessions that were used lately go on while the store cannot be asked. What ends meanwhile elsewhere goes on, too."
    )

    private static let section = Section("onFailure", [knownSessions.listed]) { fields in fields(knownSessions) }

    private enum Word: String, CaseIterable {
        case closed
    }

    /// Seconds.
    static let shape = Shape<Int64>(
        schema: .object([("oneOf", .array([Shape<Word>.choice().schema, section.shape.schema]))]),
        read: { node, reading in
            if case .mapping = node { return section.shape.read(node, reading) }
            return Shape<Word>.choice().read(node, reading).map { _ in 0 }
        },
        show: { _ in .text("closed") })
}
