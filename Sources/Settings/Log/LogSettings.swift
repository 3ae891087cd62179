/// How the program writes its log (to standard output).
package struct LogSettings: Sendable, Equatable {
    /// The least severe level that is written; named as in swift-log.
    package enum Level: String, Sendable, CaseIterable {
        case trace, debug, info, notice, warning, error, critical
    }

    package enum Format: String, Sendable, CaseIterable {
        case json, text
    }

    package var level: Level
    package var format: Format
}
