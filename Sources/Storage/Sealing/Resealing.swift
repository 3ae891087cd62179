package import AuthService
package import Instruments
package import JOSE
import Synchronization

/// Looks through a storage, signing keys included, for what its first key has not sealed, and notes there when nothing lies in clear any
/// more.
package final class Resealing: Sendable {
    private let values: any SealedValueStore
    private let sealing: StoreSealing
    private let keys: any SigningKeyStore
    /// Where it is noted that nothing lies in clear any more.
    private let notes: any SigningKeyStore
    /// What the last look has found; `nil`: there was none yet.
    private let last = Mutex<Resealer.Outcome?>(nil)

    /// `nil` where there is nothing to seal with.
    package init?(
        _ values: any SealedValueStore, sealing: StoreSealing, keys: any SigningKeyStore, notes: any SigningKeyStore
    ) {
        guard sealing.keys != nil else { return nil }
        self.values = values
        self.sealing = sealing
        self.keys = keys
        self.notes = notes
    }

    static let notePurpose = "storage-sealed"
    /// Whatever its bytes are: that there is one says that all is sealed.
    private static let note = StoredSigningKey(
        purpose: notePurpose, algorithm: .edDSA, material: Secret(utf8: "all"), createdAt: WallClock.system.now)
    private static let purposes = ["provider", "provider-sealing", "assertion", "dpop"]

    /// Before anything is read.
    package func begin() async throws(StoreFailure) {
        do {
            if try await !notes.signingKeys(purpose: Self.note.purpose).isEmpty { sealing.refuseUnsealed() }
        } catch { throw error as? StoreFailure ?? StoreFailure(detail: "\(error)") }
    }

    /// Whether there is something to look for.
    package var isNeeded: Bool { sealing.takesUnsealed || sealing.keys?.areSeveral ?? false }

    /// Looks through everything once.
    /// - Parameter canClose: whether all replicas have the keys by now: then, where nothing was found in clear, nothing in clear
    ///   counts from now on.
    package func look(canClose: Bool) async throws(StoreFailure) -> Resealer.Outcome {
        var outcome = try await Resealer(values, sealing: sealing).run()
        do {
            for purpose in Self.purposes {
                do { _ = try await keys.signingKeys(purpose: purpose) } catch is SealedSigningKeyStore.Unopened {
                    outcome.unopened += 1
                }
            }
            if canClose, outcome.fromClear == 0, outcome.missed == 0, sealing.takesUnsealed {
                try await notes.addFirstSigningKey(Self.note)
                sealing.refuseUnsealed()
            }
        } catch { throw error as? StoreFailure ?? StoreFailure(detail: "\(error)") }
        last.withLock { [outcome] in $0 = outcome }
        return outcome
    }

    package var families: [MetricFamily] {
        guard let outcome = last.withLock({ $0 }) else { return [] }
        return [
            MetricFamily(
                "gatehouse_store_sealed", .gauge, "Whether the first of storage.secrets has sealed all that counts.",
                [.init(outcome.needsFirstKeyOnly ? 1 : 0)]),
            MetricFamily(
                "gatehouse_store_unopened", .gauge, "Sealed values in the storage that no key opens.",
                [.init(Double(outcome.unopened))]),
        ]
    }
}
