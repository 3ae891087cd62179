/// What the server has said to a statement instead of doing it.
struct PostgresFailure: Error, CustomStringConvertible {
    /// SQLSTATE (Postgres' documentation, appendix A).
    let code: String
    /// Its first line, which holds no values of rows.
    let message: String

    var description: String { "\(message) (\(code))" }

    /// Whether the transaction was undone for the sake of another, and would go well now: a deadlock.
    var isWorthAnotherTry: Bool { code.hasPrefix("40") }

    /// Whether this server is none to be asked any more: it shuts down, or is a standby by now.
    var endsConnection: Bool { code.hasPrefix("57P") || code == "25006" || code.hasPrefix("08") }
}
