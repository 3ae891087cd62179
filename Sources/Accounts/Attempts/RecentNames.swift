import Synchronization

/// Names that came up lately: bounded in number, those forgotten first that did not come up for long.
package final class RecentNames: Sendable {
    private struct State {
        var young: Set<String> = []
        var old: Set<String> = []
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// - Parameter capacity: names that are remembered.
    package init(capacity: Int) { self.capacity = max(1, capacity / 2) }

    package func contains(_ name: String) -> Bool {
        state.withLock { $0.young.contains(name) || $0.old.contains(name) }
    }

    package func insert(_ name: String) {
        state.withLock { state in
            if state.young.count >= capacity, !state.young.contains(name) {
                state.old = state.young
                state.young = []
            }
            state.young.insert(name)
        }
    }
}
