package import AuthService
import JOSE

/// A storage as a whole: all records of all kinds, for what copies or checks it while no program uses it.
package protocol RecordStore: Sendable {
    func state() async throws(StoreFailure) -> StorageState

    /// How many records there are, those included that have ended and are not swept yet.
    func counts() async throws(StoreFailure) -> [StoredKind: Int]

    /// Reads all records of a kind, some at a time.
    func read(_ kind: StoredKind, _ body: (RecordPage) async throws(StoreFailure) -> Void) async throws(StoreFailure)

    /// Writes new records of one kind, all or none.
    func write(_ records: [StoredRecord], of kind: StoredKind) async throws(StoreFailure)

    /// Deletes all records.
    func empty() async throws(StoreFailure)

    /// Whether a copy into this storage has begun and was never finished.
    func isHalfCopied() async throws(StoreFailure) -> Bool

    func setHalfCopied(_ isHalfCopied: Bool) async throws(StoreFailure)

    /// What of its indexes and files does not agree, a sentence each.
    func faults() async throws(StoreFailure) -> [String]
}

/// What a storage is, and whether this program can read it.
package struct StorageState: Sendable {
    /// With the version of the library or the server.
    package let engine: String
    /// How many steps the tables have gone through, and how many this program knows.
    package let version: Int
    package let knownVersion: Int

    package var isCurrent: Bool { version == knownVersion }
}

/// Some records, and how many there were beside them that cannot be read.
package struct RecordPage: Sendable {
    package var records: [StoredRecord] = []
    package var damaged = 0

    init() {}

    init(_ rows: [some StoredRow], _ kind: StoredKind) {
        for row in rows { add { try kind.read(row) } }
    }

    mutating func add(_ read: () throws -> StoredRecord) {
        do { records.append(try read()) } catch { damaged += 1 }
    }
}

extension RecordStore {
    /// A copy in memory of the signing keys, and what they are for.
    package func signingKeys() async throws(StoreFailure) -> (store: MemorySigningKeyStore, purposes: Set<String>) {
        let copy = MemorySigningKeyStore()
        var purposes: Set<String> = []
        try await read(.signingKey) { page throws(StoreFailure) in
            for case .signingKey(let key) in page.records {
                purposes.insert(key.purpose)
                // Whatever there is: none is made after this moment.
                do { _ = try await copy.addSigningKey(key, after: UnixTime(seconds: .max)) } catch {
                    throw error as? StoreFailure ?? StoreFailure(detail: "\(error)")
                }
            }
        }
        return (copy, purposes)
    }
}
