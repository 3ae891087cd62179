package import AuthService
import JOSE

/// Reads everything that a storage holds.
package struct StorageCheck: Sendable {
    package let state: StorageState
    package let isHalfCopied: Bool
    package let counts: [StoredKind: Int]
    /// How many records cannot be read.
    package let damaged: [StoredKind: Int]
    /// How many records have something sealed that no configured secret opens.
    package let unopened: [StoredKind: Int]
    /// How many have something in clear although everything was sealed before.
    package let inClear: [StoredKind: Int]
    package let faults: [String]

    package var isGood: Bool {
        state.isCurrent && !isHalfCopied && damaged.isEmpty && unopened.isEmpty && inClear.isEmpty && faults.isEmpty
    }

    /// Of tables of another version nothing is read.
    package init(_ store: any RecordStore, seals: SealCheck) async throws(StoreFailure) {
        state = try await store.state()
        guard state.isCurrent else {
            (isHalfCopied, counts, damaged, unopened, inClear, faults) = (false, [:], [:], [:], [:], [])
            return
        }
        isHalfCopied = try await store.isHalfCopied()
        counts = try await store.counts()
        try await seals.begin(store)
        let found = try await Found(store, seals)
        (damaged, unopened, inClear) = (found.damaged, found.unopened, found.inClear)
        faults = try await store.faults()
    }

    private struct Found {
        var damaged: [StoredKind: Int] = [:]
        var unopened: [StoredKind: Int] = [:]
        var inClear: [StoredKind: Int] = [:]

        /// - Parameter seals: `nil`: what is sealed is left as it is.
        init(_ store: any RecordStore, _ seals: SealCheck?) async throws(StoreFailure) {
            for kind in StoredKind.allCases {
                try await store.read(kind) { page in add(page, of: kind, seals) }
            }
        }

        private mutating func add(_ page: RecordPage, of kind: StoredKind, _ seals: SealCheck?) {
            if page.damaged > 0 { damaged[kind, default: 0] += page.damaged }
            guard let seals else { return }
            for record in page.records {
                switch seals.refusal(of: record) {
                case nil: continue
                case .noKey: unopened[kind, default: 0] += 1
                case .inClear: inClear[kind, default: 0] += 1
                }
            }
        }
    }

    static func damaged(_ store: any RecordStore) async throws(StoreFailure) -> [StoredKind: Int] {
        try await Found(store, nil).damaged
    }
}
