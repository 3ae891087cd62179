import Synchronization

/// What was looked at lately, by key: bounded by count and by bytes, and without an order to keep at every look.
///
/// Two generations: new values go to the young one; when that is full it becomes the old one, and the old one is forgotten. What is
/// used in the meantime moves along.
final class RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let cost: Int
    }

    private struct State {
        var young: [Key: Entry] = [:]
        var old: [Key: Entry] = [:]
        var youngCost = 0
    }

    private let state = Mutex(State())
    private let capacity: Int
    private let maximumCost: Int

    /// - Parameters:
    ///   - capacity: how many values at most.
    ///   - maximumCost: how much they may cost together, in bytes.
    init(capacity: Int, maximumCost: Int = .max) {
        self.capacity = max(1, capacity / 2)
        self.maximumCost = maximumCost / 2
    }

    func value(_ key: Key) -> Value? {
        state.withLock { state in
            if let entry = state.young[key] { return entry.value }
            guard let entry = state.old.removeValue(forKey: key) else { return nil }
            insert(entry, key, &state)
            return entry.value
        }
    }

    /// - Parameter cost: bytes, about; what costs more than all may is not kept.
    func insert(_ value: Value, for key: Key, cost: Int = 1) {
        guard cost <= maximumCost else { return }
        state.withLock { insert(Entry(value: value, cost: max(1, cost)), key, &$0) }
    }

    /// Inserts unless there is a value already.
    /// - Returns: whether it was new.
    func insertNew(_ value: Value, for key: Key) -> Bool {
        state.withLock { state in
            guard state.young[key] == nil, state.old[key] == nil else { return false }
            insert(Entry(value: value, cost: 1), key, &state)
            return true
        }
    }

    func remove(_ key: Key) {
        state.withLock { state in
            if let entry = state.young.removeValue(forKey: key) { state.youngCost -= entry.cost }
            state.old[key] = nil
        }
    }

    func removeAll() { state.withLock { $0 = State() } }

    private func insert(_ entry: Entry, _ key: Key, _ state: inout State) {
        if state.young.count >= capacity || state.youngCost > maximumCost - entry.cost {
            state.old = state.young
            state.young = [:]
            state.youngCost = 0
        }
        state.old[key] = nil
        if let before = state.young.updateValue(entry, forKey: key) { state.youngCost -= before.cost }
        state.youngCost += entry.cost
    }
}
