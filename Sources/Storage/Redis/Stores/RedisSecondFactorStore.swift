import AuthService
import JOSE
package import OpenIDProvider

/// Second factors in Redis.
package struct RedisSecondFactorStore: SecondFactorStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func secondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await factors(SecondFactorFields.accountSet(account))
    }

    package func secondFactors(ofSubject subject: String) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await factors(setName("s", subject))
    }

    package func secondFactor(credentialID: [UInt8]) async throws(ProviderStoreFailure) -> SecondFactor? {
        try await factors(SecondFactorFields.credentialSet(credentialID), limit: 1).first
    }

    package func hasSecondFactor(
        _ kind: SecondFactor.Kind, ofConnector connectorID: String
    ) async throws(ProviderStoreFailure) -> Bool {
        try await !factors(SecondFactorFields.kindSet(kind, connectorID), limit: 1).isEmpty
    }

    /// The oldest first, unlike the sets.
    private func factors(_ set: String, limit: Int = RedisProviderStore.many) async throws(ProviderStoreFailure) -> [SecondFactor]
    {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(.secondFactor, RecordChoice(set: set), limit: limit, SecondFactorFields.all)
        }
        return try stored.reversed().map { stored throws(ProviderStoreFailure) in try SecondFactorFields.read(stored) }
    }

    package func add(_ factors: [SecondFactor]) async throws(ProviderStoreFailure) -> Bool {
        let records = factors.map(SecondFactorFields.record)
        // The script looks at what is stored; here, whether one of them takes another's place.
        let taken = records.map(\.id) + records.flatMap { record in record.unique.map { "\(record.kind) \($0)" } }
        guard RedisRecord.each(taken).count == taken.count else { return false }
        return try await providing { () async throws(StoreFailure) in try await database.create(records) == .created }
    }

    package func replace(_ factor: SecondFactor) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.replace(SecondFactorFields.record(factor)) }
    }

    package func removeSecondFactor(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in try await database.drop(.secondFactor, [id]) == 1 }
    }

    package func removeSecondFactors(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> Int {
        let choice = RecordChoice(set: SecondFactorFields.accountSet(account))
        return try await providing { () async throws(StoreFailure) in
            try await database.dropChosen(.secondFactor, choice, limit: RedisProviderStore.many, SecondFactorFields.all).count
        }
    }
}

/// A second factor as a record.
enum SecondFactorFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func accountSet(_ account: SecondFactorAccount) -> String { setName("a", account.connectorID, account.userID) }

    static func credentialSet(_ id: [UInt8]) -> String { setName("c", Base64URL.encode(id)) }

    static func kindSet(_ kind: SecondFactor.Kind, _ connectorID: String) -> String { setName("k", kind.rawValue, connectorID) }

    static func record(_ factor: SecondFactor) -> RedisRecord {
        let account = factor.account
        // One of a kind an account, but for those that have a credential id.
        let unique =
            factor.credentialID.map(credentialSet) ?? setName("o", account.connectorID, account.userID, factor.kind.rawValue)
        return RedisRecord(
            .secondFactor, id: factor.id, version: factor.version, order: factor.createdAt, unique: [unique],
            names: [accountSet(account), setName("s", account.subject), kindSet(factor.kind, account.connectorID)],
            body: body(factor))
    }

    static func body(_ factor: SecondFactor) -> RecordWriter {
        let account = factor.account
        var body = RecordWriter()
        for text in [account.connectorID, account.userID, factor.kind.rawValue, factor.label, factor.sealed] { body.write(text) }
        body.write(factor.details)
        body.writeIfAny(factor.credentialID) { $0.write($1) }
        body.write(factor.counter)
        body.write(factor.createdAt)
        body.writeIfAny(factor.lastUsedAt) { $0.write($1) }
        return body
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> SecondFactor {
        try reading("a second factor") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            let account = SecondFactorAccount(connectorID: try body.text(), userID: try body.text())
            // One of a kind that this version does not know must not let somebody in without it.
            guard let kind = SecondFactor.Kind(rawValue: try body.text()) else { throw RecordReader.Damaged() }
            return SecondFactor(
                id: stored.id, account: account, kind: kind, label: try body.text(), sealed: try body.text(),
                details: try body.members(), credentialID: try body.flag() ? try body.bytes() : nil, counter: try body.number(),
                createdAt: try body.moment(), lastUsedAt: try body.possibleMoment(), version: try stored.number(1))
        }
    }
}
