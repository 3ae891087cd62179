import Synchronization

/// The signing keys of one purpose as they are now, over a store that all replicas share. Somebody has to call `refresh` every now and
/// then, well within `publishAhead`.
package final class RotatingKeyring: Sendable {
    /// One key, for those who administer it.
    package struct Status: Sendable {
        package enum State: String, Sendable {
            /// Published, and not used yet.
            case next
            case signing
            /// Verifies what it signed.
            case retired
        }

        package let id: String
        package let algorithm: SignatureAlgorithm
        package let madeAt: UnixTime
        /// From when on it signs, or has signed.
        package let signsFrom: UnixTime
        package let state: State
    }

    /// What a refresh has done.
    package struct Change: Sendable {
        /// Ids of keys that are published from now on.
        package var added: [String] = []
        /// How many are not published any more.
        package var removed = 0

        package var isNothing: Bool { added.isEmpty && removed == 0 }
    }

    fileprivate struct Rotation: Sendable {
        let purpose: String
        let algorithms: [SignatureAlgorithm]
        let schedule: KeySchedule
        let store: any SigningKeyStore
        let clock: WallClock
    }

    private let rotation: Rotation?
    private let state: Mutex<SigningKeyring>

    /// The keys as they are now.
    package var current: SigningKeyring { state.withLock { $0 } }

    /// Keys that stay.
    package init(fixed keyring: SigningKeyring) {
        rotation = nil
        state = Mutex(keyring)
    }

    private init(_ rotation: Rotation) {
        self.rotation = rotation
        state = Mutex(SigningKeyring(keys: []))
    }

    /// Loads the keys; makes those that are missing or due.
    package static func load(
        purpose: String, algorithms: [SignatureAlgorithm], schedule: KeySchedule, from store: any SigningKeyStore,
        clock: WallClock
    ) async throws -> RotatingKeyring {
        let keyring = RotatingKeyring(
            Rotation(purpose: purpose, algorithms: algorithms, schedule: schedule, store: store, clock: clock))
        _ = try await keyring.refresh()
        return keyring
    }

    /// Does what is due, and takes over what other replicas have done.
    package func refresh() async throws -> Change {
        guard let rotation else { return Change() }
        var change = Change()
        var stored = try await rotation.stored()
        for algorithm in rotation.algorithms {
            let made = stored.filter { $0.algorithm == algorithm }.map(\.createdAt)
            let plan = rotation.schedule.plan(made, now: rotation.clock.now)
            if plan.needsNew, let id = try await rotation.add(algorithm, after: made.last) { change.added.append(id) }
            if plan.retired > 0 {
                change.removed += try await rotation.store.removeSigningKeys(
                    purpose: rotation.purpose, algorithm: algorithm, madeBefore: made[plan.retired])
            }
        }
        if !change.isNothing || stored.isEmpty { stored = try await rotation.stored() }
        let keyring = try rotation.keyring(stored)
        state.withLock { $0 = keyring }
        return change
    }

    /// Makes new keys now.
    /// - Parameter atOnce: they sign from now on, and the old ones are forgotten: whatever those signed is worth nothing any more.
    package func rotate(atOnce: Bool) async throws -> Change {
        guard let rotation else { return Change() }
        var change = Change()
        let stored = try await rotation.stored()
        for algorithm in rotation.algorithms {
            let made = stored.filter { $0.algorithm == algorithm }.map(\.createdAt)
            if let id = try await rotation.add(algorithm, after: made.last) { change.added.append(id) }
            if atOnce, let last = made.last {
                change.removed += try await rotation.store.removeSigningKeys(
                    purpose: rotation.purpose, algorithm: algorithm, madeBefore: last.adding(1))
            }
        }
        _ = try await refresh()
        return change
    }

    package func list() async throws -> [Status] {
        guard let rotation else { return [] }
        let stored = try await rotation.stored()
        return try rotation.algorithms.flatMap { algorithm -> [Status] in
            let keys = stored.filter { $0.algorithm == algorithm }
            let made = keys.map(\.createdAt)
            let signing = rotation.schedule.plan(made, now: rotation.clock.now).signing ?? 0
            return try keys.enumerated().map { index, key in
                Status(
                    id: try SigningKey(stored: key.material, algorithm: algorithm).id, algorithm: algorithm,
                    madeAt: key.createdAt, signsFrom: rotation.schedule.signs(from: index, made),
                    state: index == signing ? .signing : index < signing ? .retired : .next)
            }
        }
    }
}

extension RotatingKeyring.Rotation {
    fileprivate func stored() async throws -> [StoredSigningKey] {
        try await store.signingKeys(purpose: purpose).sorted { $0.createdAt < $1.createdAt }
    }

    /// - Returns: the new key's id; `nil` where another replica was faster.
    fileprivate func add(_ algorithm: SignatureAlgorithm, after newest: UnixTime?) async throws -> String? {
        let key = try SigningKey.generate(algorithm)
        let madeAt = newest.map { max(clock.now, $0.adding(1)) } ?? clock.now
        let stored = StoredSigningKey(purpose: purpose, algorithm: algorithm, material: key.stored, createdAt: madeAt)
        guard let newest else {
            try await store.addFirstSigningKey(stored)
            return key.id
        }
        return try await store.addSigningKey(stored, after: newest) ? key.id : nil
    }

    /// Keys of algorithms that are no longer configured verify what they signed.
    fileprivate func keyring(_ stored: [StoredSigningKey]) throws -> SigningKeyring {
        let keys = try stored.map { try SigningKey(stored: $0.material, algorithm: $0.algorithm) }
        let signing = algorithms.compactMap { algorithm -> SigningKey? in
            let own = zip(stored, keys).filter { $0.0.algorithm == algorithm }
            return schedule.plan(own.map(\.0.createdAt), now: clock.now).signing.map { own[$0].1 }
        }
        return SigningKeyring(keys: keys, signing: signing)
    }
}
