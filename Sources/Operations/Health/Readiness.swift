/// Whether the program can do its work: a list of named checks.
package struct Readiness: Sendable {
    package enum Outcome: Sendable, Equatable {
        case ok
        /// Well, and what there is to say of it.
        case found(detail: String)
        /// In words for the operator; no secrets.
        case failed(reason: String)

        var isFailure: Bool { if case .failed = self { true } else { false } }
    }

    package struct Check: Sendable {
        package let name: String
        package let run: @Sendable () async -> Outcome

        package init(_ name: String, run: @escaping @Sendable () async -> Outcome) {
            self.name = name
            self.run = run
        }
    }

    /// The outcomes in the order of the checks.
    package struct Report: Sendable, Equatable {
        package struct Entry: Sendable, Equatable {
            package let name: String
            package let outcome: Outcome
        }

        package let entries: [Entry]

        package var isReady: Bool { !entries.contains(where: \.outcome.isFailure) }
    }

    private let checks: [Check]
    private let limit: Duration

    /// - Parameter limit: how long one check may take. A check has to end when its task is cancelled.
    package init(_ checks: [Check], limit: Duration = .seconds(2)) {
        self.checks = checks
        self.limit = limit
    }

    /// Runs all checks at the same time.
    package func report() async -> Report {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            for (index, check) in checks.enumerated() {
                group.addTask { (index, await outcome(of: check)) }
            }
            var outcomes: [Int: Outcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return Report(
                entries: checks.enumerated().map { index, check in
                    Report.Entry(name: check.name, outcome: outcomes[index] ?? .failed(reason: "it did not run"))
                })
        }
    }

    private func outcome(of check: Check) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask { await check.run() }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next().flatMap { $0 } ?? .failed(reason: "no answer within \(limit)")
        }
    }
}
