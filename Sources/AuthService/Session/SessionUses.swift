import Synchronization

/// When sessions were last used, until that is written down: many in one go, since each write to the store costs as much as a
/// hundred checks.
final class SessionUses: Sendable {
    private let pending = Mutex<[SessionUse]>([])

    /// What a store that is away can make us keep. Beyond it uses are not noted: a session then ends a little early, unused.
    private static let maximum = 100_000
    private static let batch = 1000

    func note(_ use: SessionUse) {
        pending.withLock { if $0.count < Self.maximum { $0.append(use) } }
    }

    /// Gives all that is pending to `store`, a batch at a time; what it did not take stays.
    func write(_ store: ([SessionUse]) async throws(StoreFailure) -> Void) async throws(StoreFailure) {
        while let batch = next() {
            do throws(StoreFailure) { try await store(batch) } catch {
                pending.withLock { $0 = Array((batch + $0).prefix(Self.maximum)) }
                throw error
            }
        }
    }

    private func next() -> [SessionUse]? {
        pending.withLock { pending in
            guard !pending.isEmpty else { return nil }
            defer { pending.removeFirst(min(Self.batch, pending.count)) }
            return Array(pending.prefix(Self.batch))
        }
    }
}
