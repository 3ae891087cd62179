package import AuthService
package import JOSE

/// Copies all that one storage holds into another, which is empty. No program may use either of them meanwhile.
///
/// The target is marked first and unmarked last: what an interruption leaves behind is known for what it is, and the next copy begins
/// with an empty target.
package struct StorageCopy: Sendable {
    let source: any RecordStore
    let target: any RecordStore
    /// What has ended by then is left out.
    let now: UnixTime

    package init(from source: any RecordStore, to target: any RecordStore, now: UnixTime) {
        (self.source, self.target, self.now) = (source, target, now)
    }

    package enum Outcome: Sendable {
        case copied([StoredKind: Count])
        case refused(Refusal)
    }

    /// Why nothing was copied.
    package enum Refusal: Sendable, Equatable {
        /// One copy into the source was never finished.
        case sourceIsHalfCopied
        case sourceIsEmpty
        case targetHasRecords([StoredKind: Int])
        case sourceIsDamaged([StoredKind: Int])
    }

    package struct Count: Sendable, Equatable {
        package var copied = 0
        /// Those that had ended.
        package var leftOut = 0
        /// Of all that were copied, in whatever order.
        var digest = [UInt8](repeating: 0, count: 32)

        package init() {}

        mutating func add(_ record: StoredRecord) {
            copied += 1
            for (index, byte) in record.digest.enumerated() { digest[index] &+= byte }
        }
    }

    package func run() async throws(StoreFailure) -> Outcome {
        if try await source.isHalfCopied() { return .refused(.sourceIsHalfCopied) }
        if try await source.counts().values.allSatisfy({ $0 == 0 }) { return .refused(.sourceIsEmpty) }
        let damaged = try await StorageCheck.damaged(source)
        if !damaged.isEmpty { return .refused(.sourceIsDamaged(damaged)) }
        if try await target.isHalfCopied() {
            try await target.empty()
        } else {
            let found = try await target.counts().filter { $0.value > 0 }
            if !found.isEmpty { return .refused(.targetHasRecords(found)) }
            try await target.setHalfCopied(true)
        }
        let counts = try await copyAll()
        try await target.setHalfCopied(false)
        return .copied(counts)
    }

    private func copyAll() async throws(StoreFailure) -> [StoredKind: Count] {
        var counts: [StoredKind: Count] = [:]
        for kind in StoredKind.allCases {
            let count = try await copy(kind)
            let found = try await self.found(kind)
            guard found.copied == count.copied, found.digest == count.digest else {
                throw StoreFailure(
                    detail: "of \(count.copied) \(kind.text) \(found.copied) are in the target, or they say something else:"
                        + " does a program use it, or its source?")
            }
            counts[kind] = count
        }
        return counts
    }

    private func copy(_ kind: StoredKind) async throws(StoreFailure) -> Count {
        var count = Count()
        try await source.read(kind) { page throws(StoreFailure) in
            let kept = page.records.filter { $0.expiresAt.map { now < $0 } ?? true }
            count.leftOut += page.records.count - kept.count
            for record in kept { count.add(record) }
            if !kept.isEmpty { try await target.write(kept, of: kind) }
        }
        return count
    }

    /// What the target has of a kind, read again.
    private func found(_ kind: StoredKind) async throws(StoreFailure) -> Count {
        var count = Count()
        try await target.read(kind) { page in for record in page.records { count.add(record) } }
        return count
    }
}
