import Settings

/// What `gatehouse config check` says: unknown keys, secrets that are short or open to others, keys that contradict each other.
enum ConfigurationCheck {
    @Sendable static func judge(_ seen: Observations) -> [Finding] { findings(seen.problems, file: seen.file) }

    /// One a problem; one that all is well where there is none.
    static func findings(_ problems: [ConfigurationProblem], file: String) -> [Finding] {
        if problems.isEmpty { return [.ok(file, "every key is known, and every value fits")] }
        return problems.map { problem in
            let place = problem.position.map { "\(file):\($0.line)" } ?? file
            return .graded(problem.severity == .error, place, problem.what, mend: problem.mend)
        }
    }
}
