package import ServiceLifecycle

/// Several listeners that stop at the same time. As services of their own they would stop one after the other, and the
/// times that they may take would add up.
package struct ListenerGroup: Service {
    private let listeners: [any Service]

    package init(_ listeners: [any Service]) {
        self.listeners = listeners
    }

    /// Returns when all have stopped; one that fails ends the others.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for listener in listeners { group.addTask { try await listener.run() } }
            try await group.waitForAll()
        }
    }
}
