import AuthService

/// What all stores do with their records.
extension RedisDatabase {
    /// What became of a new record.
    enum Creation: String {
        case created
        /// Its id is another's.
        case exists
        /// A name that only one can have is another's.
        case taken
        /// There are too many.
        case full
    }

    /// How many there may be, in a set or (empty) of a kind.
    struct Bound {
        let kind: RecordKind
        var set: String = ""
        let limit: Int
    }

    func create(_ records: [RedisRecord], within bound: Bound? = nil) async throws(StoreFailure) -> Creation {
        let limit: [RedisArgument] =
            bound.map { [.text($0.kind.rawValue), .text($0.set), .number(Int64($0.limit))] } ?? ["", "", ""]
        let reply = try await run(.create, limit + [.number(Int64(records.count))] + records.flatMap(\.arguments))
        guard let creation = reply.text.flatMap(Creation.init(rawValue:)) else { throw Self.odd }
        return creation
    }

    func put(_ record: RedisRecord) async throws(StoreFailure) { _ = try await run(.put, record.arguments) }

    /// - Returns: whether the stored one was the version before.
    func replace(_ record: RedisRecord, isNoted: Bool = false) async throws(StoreFailure) -> Bool {
        try await count(.replace, [isNoted ? "1" : "0"] + record.arguments) == 1
    }

    /// - Returns: how many there were.
    @discardableResult
    func drop(_ kind: RecordKind, _ ids: [String], isNoted: Bool = false) async throws(StoreFailure) -> Int {
        try await count(
            .drop, [.text(kind.rawValue), isNoted ? "1" : "0"] + RedisRecord.list(ids.map { .text($0) }))
    }

    /// One record's fields, read without a script.
    func fields(
        _ kind: RecordKind, _ id: String, _ fields: [RedisArgument]
    ) async throws(StoreFailure) -> StoredFields? {
        let reply = try await command(.read, ["HMGET", key("\(kind.rawValue):\(id)")] + fields)
        guard let values = reply.list else { throw Self.odd }
        return StoredFields(id: id, values)
    }

    func select(
        _ kind: RecordKind, _ choice: RecordChoice, limit: Int, _ fields: [RedisArgument]
    ) async throws(StoreFailure) -> [StoredFields] {
        let reply = try await run(
            .select, [.text(kind.rawValue), .number(Int64(limit))] + RedisRecord.list(fields) + choice.arguments)
        return try Self.stored(reply)
    }

    /// - Returns: what it deleted, as it was.
    func dropChosen(
        _ kind: RecordKind, _ choice: RecordChoice, limit: Int, _ fields: [RedisArgument], isNoted: Bool = false
    ) async throws(StoreFailure) -> [StoredFields] {
        let arguments: [RedisArgument] = [.text(kind.rawValue), .number(Int64(limit))] + RedisRecord.list(fields)
        return try Self.stored(try await run(.dropChosen, arguments + [isNoted ? "1" : "0"] + choice.arguments))
    }

    /// One record, deleted in the same step.
    func takeOut(_ kind: RecordKind, _ id: String, _ fields: [RedisArgument]) async throws(StoreFailure) -> StoredFields? {
        let reply = try await run(.takeOut, [.text(kind.rawValue), .text(id)] + RedisRecord.list(fields))
        return reply.list.flatMap { StoredFields(id: id, $0) }
    }

    /// - Returns: how many it deleted.
    func sweep(
        _ kind: RecordKind, expiredAt: Int64, idleBefore: Int64? = nil, limit: Int
    ) async throws(StoreFailure) -> Int {
        try await count(
            .sweep, [.text(kind.rawValue), .number(expiredAt), .possible(idleBefore), .number(Int64(min(limit, 1000)))])
    }

    static func stored(_ reply: RESPValue) throws(StoreFailure) -> [StoredFields] {
        guard let list = reply.list else { throw odd }
        return list.compactMap { StoredFields(listed: $0) }
    }
}
