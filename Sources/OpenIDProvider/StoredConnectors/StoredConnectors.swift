import JOSE
package import Logging
import Synchronization
import Web

/// The connectors of the store as they are now, in memory and ready for use. What this process changes holds at once; what another has
/// changed, once `follow` has run.
package final class StoredConnectors: Sendable {
    /// One connector of the store.
    package struct Known: Sendable {
        package let stored: StoredConnector
        package let state: State

        /// `nil`: it cannot be used here.
        package var live: LiveConnector? { if case .usable(let live) = state { live } else { nil } }
    }

    package enum State: Sendable {
        case usable(LiveConnector)
        case unusable(UnusableConnector)
        case deleted
    }

    private struct Held: Sendable {
        /// How many readings have begun, and the one whose outcome this is.
        var (begun, taken) = (0, 0)
        var revision: Int64?
        var takenAt: ContinuousClock.Instant?
        /// By their ids, deleted ones too.
        var all: [Known] = []
        /// Those that are used no more, and since when.
        var retired: [(live: LiveConnector, since: ContinuousClock.Instant)] = []

        /// Whether something that cannot be used shall be tried again.
        func isDueAgain(_ now: ContinuousClock.Instant) -> Bool {
            guard let takenAt, takenAt + retry <= now else { return false }
            return all.contains { if case .unusable = $0.state { true } else { false } }
        }
    }

    /// A sign-in that has got hold of a connector is done with it by then.
    private static let grace = Duration.seconds(120)
    /// What cannot be used is tried again: somebody may have brought the file that it lacks.
    private static let retry = Duration.seconds(30)

    let store: any ConnectorStore
    let sealing: ConnectorSealing
    let make: ConnectorMaker
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    private let held = Mutex(Held())

    private init(
        store: any ConnectorStore, sealing: ConnectorSealing, logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant, make: @escaping ConnectorMaker
    ) {
        self.store = store
        self.sealing = sealing
        self.logger = logger
        self.now = now
        self.make = make
    }

    /// Those of the store.
    package static func load(
        _ store: any ConnectorStore, sealing: ConnectorSealing, logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, make: @escaping ConnectorMaker
    ) async throws(ProviderStoreFailure) -> StoredConnectors {
        let connectors = StoredConnectors(store: store, sealing: sealing, logger: logger, now: now, make: make)
        try await connectors.follow()
        return connectors
    }

    /// Reads what another process has changed, and ends the connections of what is used no more. Somebody has to call it every now and
    /// then.
    package func follow() async throws(ProviderStoreFailure) {
        let now = now()
        await closeRetired(before: now - Self.grace)
        let (reading, revision, before) = held.withLock { held in
            held.begun += 1
            return (held.begun, held.isDueAgain(now) ? nil : held.revision, held.all)
        }
        guard let snapshot = try await store.documents(since: revision) else { return }
        let all = snapshot.documents.map { stored in
            before.first { $0.live != nil && $0.stored.isSame(as: stored) }?.with(stored) ?? known(stored)
        }
        held.withLock { held in
            // Of two readings the one counts that began later: it has seen whatever was there before the other began. What the other has
            // made goes.
            let counts = held.taken < reading
            held.retired += (counts ? held.all.lives(beside: all) : all.lives(beside: before)).map { ($0, now) }
            if counts { (held.taken, held.revision, held.takenAt, held.all) = (reading, snapshot.revision, now, all) }
        }
    }

    /// After a change that is done, whether it can be read again or not: whoever follows does so a moment later.
    func followIfPossible() async { do throws(ProviderStoreFailure) { try await follow() } catch {} }

    private func known(_ stored: StoredConnector) -> Known {
        guard !stored.isDeleted else { return Known(stored: stored, state: .deleted) }
        do throws(UnusableConnector) {
            guard let members = sealing.opened(stored) else { throw UnusableConnector("no key opens what the storage has of it") }
            return Known(stored: stored, state: .usable(try make(stored.id, members)))
        } catch {
            logger.error(
                "a connector in the storage cannot be used",
                metadata: ["connector": .string(stored.id), "reason": .string(error.reason)])
            return Known(stored: stored, state: .unusable(error))
        }
    }

    /// Those that are not deleted, by their ids.
    package var all: [Known] { held.withLock { $0.all }.filter { !$0.stored.isDeleted } }

    /// How many ids are taken, those of deleted ones too.
    var count: Int { held.withLock { $0.all.count } }

    /// Those that can be used here.
    var usable: [LiveConnector] { held.withLock { $0.all }.compactMap(\.live) }

    /// Deleted ones too.
    func known(_ id: String) -> Known? { held.withLock { $0.all }.first { sameBytes($0.stored.id, id) } }

    /// Another number with every change.
    package var revision: Int64 { held.withLock { $0.revision } ?? 0 }

    private func closeRetired(before moment: ContinuousClock.Instant) async {
        let due = held.withLock { held in
            let due = held.retired.filter { $0.since <= moment }
            if !due.isEmpty { held.retired.removeAll { $0.since <= moment } }
            return due
        }
        for (live, _) in due { await live.close() }
    }
}

extension [StoredConnectors.Known] {
    /// What these have that the others have not.
    fileprivate func lives(beside others: [StoredConnectors.Known]) -> [LiveConnector] {
        compactMap(\.live).filter { live in !others.contains { $0.live === live } }
    }
}

extension StoredConnectors.Known {
    fileprivate func with(_ stored: StoredConnector) -> Self { Self(stored: stored, state: state) }
}

extension StoredConnector {
    /// Whether both say the same, whatever their versions are: sealing anew changes nothing.
    fileprivate func isSame(as other: StoredConnector) -> Bool { sameBytes(id, other.id) && sameBytes(sealed, other.sealed) }
}
