package import AuthService
package import JOSE

/// Sessions in Redis. Every change but `touch` leaves an entry in the stream `changes`, in the same script, so that other replicas
/// forget what they remember.
package struct RedisSessionStore: SessionStore {
    let database: RedisDatabase

    /// Sessions that one script deletes: others' commands wait for it.
    private static let batch = 1000
    private static let changesAtOnce = 1000

    package init(_ database: RedisDatabase) { self.database = database }

    /// How many there are, those included that have ended and are not swept yet.
    package func count() async throws(StoreFailure) -> Int {
        let reply = try await database.command(.read, ["ZCARD", database.key("session!expiry")])
        guard let count = reply.integer.flatMap({ Int(exactly: $0) }) else { throw RedisDatabase.odd }
        return count
    }

    package func create(_ session: Session) async throws(StoreFailure) {
        guard try await database.create([SessionRecord.record(session, isNew: true)]) == .created else {
            throw StoreFailure(detail: "the session exists already")
        }
    }

    package func load(_ key: SessionKey) async throws(StoreFailure) -> Session? {
        let id = SessionRecord.id(key)
        return try await database.fields(.session, id, SessionRecord.fields).map { stored throws(StoreFailure) in
            try SessionRecord.read(stored)
        }
    }

    package func touch(_ uses: [SessionUse]) async throws(StoreFailure) {
        var rest = uses[...]
        while !rest.isEmpty {
            let part = rest.prefix(Self.batch)
            let arguments = part.flatMap { [.text(SessionRecord.id($0.key)), .number($0.moment.seconds)] as [RedisArgument] }
            _ = try await database.run(.touchSessions, [.number(Int64(part.count))] + arguments)
            rest = rest.dropFirst(Self.batch)
        }
    }

    package func replace(_ session: Session) async throws(StoreFailure) -> Bool {
        try await database.replace(SessionRecord.record(session, isNew: false), isNoted: true)
    }

    package func claimRefresh(
        _ key: SessionKey, version: Int64, now: UnixTime, until: UnixTime
    ) async throws(StoreFailure) -> Bool {
        try await database.count(
            .claimRefresh, [.text(SessionRecord.id(key)), .number(version), .number(now.seconds), .number(until.seconds)]) == 1
    }

    package func list(_ selection: SessionSelection, limit: Int) async throws(StoreFailure) -> [Session] {
        let choice = RecordChoice(set: selection.setName)
        let stored = try await database.select(.session, choice, limit: limit, SessionRecord.fields)
        return try stored.map { stored throws(StoreFailure) in try SessionRecord.read(stored) }
    }

    package func delete(_ key: SessionKey) async throws(StoreFailure) -> Bool {
        try await database.drop(.session, [SessionRecord.id(key)], isNoted: true) > 0
    }

    /// In batches, each of them as one step.
    package func deleteAll(_ selection: SessionSelection) async throws(StoreFailure) -> [EndedSession] {
        let choice = RecordChoice(set: selection.setName)
        var ended: [EndedSession] = []
        while true {
            let dropped = try await database.dropChosen(
                .session, choice, limit: Self.batch, SessionRecord.fields, isNoted: true)
            // One that cannot be read has ended all the same.
            ended += dropped.compactMap { stored in (try? SessionRecord.read(stored)).map { EndedSession($0) } }
            if dropped.count < Self.batch { return ended }
        }
    }

    package func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        let asked = database.clocks.now
        let reply = try await database.run(
            .changes, [.text(position.map(ChangePosition.text) ?? ""), .number(Int64(Self.changesAtOnce))])
        guard let parts = reply.list, parts.count == 4, let last = parts[0].text, let entries = parts[2].list,
            let now = parts[3].text.flatMap({ Int64($0) })
        else { throw RedisDatabase.odd }
        database.clocks.note(UnixTime(seconds: now), askedAt: asked)
        try database.clocks.refuse()
        guard let end = ChangePosition.number(last) else { throw RedisDatabase.odd }
        guard parts[1] == .integer(1) else { return SessionChanges(keys: [], position: end, extent: .gap) }
        return try Self.changes(entries, end: end)
    }

    private static func changes(_ entries: [RESPValue], end: Int64) throws(StoreFailure) -> SessionChanges {
        var changes = SessionChanges(keys: [], position: end)
        guard let newest = entries.last else { return changes }
        guard let position = newest.list?.first?.text.flatMap(ChangePosition.number) else { throw RedisDatabase.odd }
        changes.position = position
        changes.extent = position == end ? .all : .more
        for entry in entries { add(entry.list?.last?.list ?? [], to: &changes) }
        return changes
    }

    /// An entry that cannot be read may have meant any session.
    private static func add(_ fields: [RESPValue], to changes: inout SessionChanges) {
        switch (fields.first?.text, fields.dropFirst().first?.text) {
        case ("keys", let text?):
            let keys = text.split(separator: " ").map { SessionRecord.key($0) }
            changes.keys += keys.compactMap { $0 }
            if keys.contains(nil) { changes.extent = .gap }
        case ("ending", let text?):
            guard let json = try? JSONReader.read(text.utf8), let marks = SessionEnding.Marks(json: json) else { fallthrough }
            changes.endings.append(marks)
        case (_, _): changes.extent = .gap
        }
    }

    package func sweep(expiredAt: UnixTime, idleBefore: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.count(
            .sweepSessions, [.number(expiredAt.seconds), .number(idleBefore.seconds), .number(Int64(min(limit, Self.batch)))])
    }
}

/// An entry's id in the stream, milliseconds and a number, as one number. One that does not fit leads nowhere, and so to a gap.
private enum ChangePosition {
    private static let bits: Int64 = 20

    static func text(_ position: Int64) -> String { "\(position >> bits)-\(position & ((1 << bits) - 1))" }

    static func number(_ id: String) -> Int64? {
        let parts = id.split(separator: "-").map { Int64($0) }
        guard parts.count == 2, let time = parts[0], let number = parts[1], (0..<1 << 42).contains(time), number >= 0 else {
            return nil
        }
        return time << bits | number & ((1 << bits) - 1)
    }
}
