package import AuthService

/// Reads everything that a storage holds.
package struct StorageCheck: Sendable {
    package let state: StorageState
    package let isHalfCopied: Bool
    package let counts: [StoredKind: Int]
    /// How many records cannot be read.
    package let damaged: [StoredKind: Int]
    package let faults: [String]

    package var isGood: Bool { state.isCurrent && !isHalfCopied && damaged.isEmpty && faults.isEmpty }

    /// Of tables of another version nothing is read.
    package init(_ store: any RecordStore) async throws(StoreFailure) {
        state = try await store.state()
        guard state.isCurrent else {
            (isHalfCopied, counts, damaged, faults) = (false, [:], [:], [])
            return
        }
        isHalfCopied = try await store.isHalfCopied()
        counts = try await store.counts()
        damaged = try await Self.damaged(store)
        faults = try await store.faults()
    }

    static func damaged(_ store: any RecordStore) async throws(StoreFailure) -> [StoredKind: Int] {
        var damaged: [StoredKind: Int] = [:]
        for kind in StoredKind.allCases {
            var count = 0
            try await store.read(kind) { page in count += page.damaged }
            if count > 0 { damaged[kind] = count }
        }
        return damaged
    }
}
