package import AuthService
package import JOSE

/// Goes through a storage and seals under the first key what an older one has sealed, or nobody.
package struct Resealer: Sendable {
    /// What one look through the whole storage has come to.
    package struct Outcome: Sendable, Equatable {
        /// By an older key before.
        package var fromOlderKeys = 0
        /// In clear before.
        package var fromClear = 0
        /// Written by somebody else in the meantime: the next look meets them again.
        package var missed = 0
        /// That do not count: no key opens them.
        package var unopened: Int

        package init(unopened: Int = 0) { self.unopened = unopened }

        /// Whether nothing that counts needs another key than the first.
        package var needsFirstKeyOnly: Bool { missed == 0 }
    }

    private let store: any SealedValueStore
    private let sealing: StoreSealing
    private let batch: Int
    /// Between two batches: others' calls come first.
    private let pause: Duration

    package init(
        _ store: any SealedValueStore, sealing: StoreSealing, batch: Int = 200, pause: Duration = .milliseconds(20)
    ) {
        self.store = store
        self.sealing = sealing
        self.batch = batch
        self.pause = pause
    }

    package func run() async throws(StoreFailure) -> Outcome {
        var outcome = Outcome()
        guard let keys = sealing.keys else { return outcome }
        for kind in SealedKind.allCases {
            var cursor: String?
            repeat {
                let page = try await store.sealedValues(kind, from: cursor, limit: batch)
                for value in page.values { try await look(at: value, keys, &outcome) }
                cursor = page.next
                if cursor != nil { try? await Task.sleep(for: pause) }
                guard !Task.isCancelled else { throw StoreFailure(detail: "broken off") }
            } while cursor != nil
        }
        if outcome.fromClear > 0 { try await store.forgetWhatWasInClear() }
        return outcome
    }

    private func look(at value: SealedValue, _ keys: RecordKeys, _ outcome: inout Outcome) async throws(StoreFailure) {
        switch value.content {
        case .sealed(let sealed):
            if keys.isNewest(sealed) { return }
            guard let opened = keys.open(sealed, of: value.name) else { return outcome.unopened += 1 }
            try await seal(opened.value, in: value, keys, &outcome, \.fromOlderKeys)
        case .unsealed(let bytes):
            guard sealing.takesUnsealed else { return outcome.unopened += 1 }
            try await seal(bytes, in: value, keys, &outcome, \.fromClear)
        }
    }

    private func seal(
        _ bytes: [UInt8], in value: SealedValue, _ keys: RecordKeys, _ outcome: inout Outcome,
        _ counter: WritableKeyPath<Outcome, Int>
    ) async throws(StoreFailure) {
        guard let sealed = try? keys.seal(bytes, of: value.name) else { throw StoreFailure(detail: "cannot seal") }
        if try await store.reseal(value, as: sealed) { outcome[keyPath: counter] += 1 } else { outcome.missed += 1 }
    }
}
