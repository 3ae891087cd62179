/// Where something stands in a file; both count from 1, the column in Unicode scalars.
package struct Position: Sendable, Hashable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// One thing that is wrong with the configuration, or that deserves a look. Never quotes a secret.
package struct ConfigurationProblem: Sendable, Equatable, CustomStringConvertible {
    package enum Severity: Sendable {
        case error, warning
    }

    package var severity: Severity
    package var file: String
    /// nil where the file itself cannot be read.
    package var position: Position?
    /// What is wrong: one clause, no full stop.
    package var what: String
    /// What to do about it: one clause, no full stop.
    package var mend: String

    /// `file:line:column: what is wrong; how to mend it`, for warnings with `warning: ` after the place.
    package var description: String {
        let place = position.map { "\(file):\($0.line):\($0.column): " } ?? "\(file): "
        return place + (severity == .warning ? "warning: " : "") + what + "; " + mend
    }
}

/// Why a configuration is not used: every error at once, in the order of the file.
package struct ConfigurationErrors: Error, CustomStringConvertible {
    /// At least one.
    package var errors: [ConfigurationProblem]
    package var warnings: [ConfigurationProblem]

    package var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// What a value's parser says about a text that it does not take; the reader adds the place.
struct Complaint: Error {
    var what: String
    var mend: String

    init(_ what: String, _ mend: String) {
        self.what = what
        self.mend = mend
    }
}
