package import AuthService
import JOSE

/// What replicas tell each other.
extension PostgresSessionStore {
    static let channel = "gatehouse_sessions"

    /// Notes that sessions have changed or are over, as the last thing of a transaction.
    ///
    /// A change has its number from a row that stays locked until the transaction ends, and not from a sequence. So numbers become
    /// visible in their order: whoever has seen number 7 has seen 6, or there is none. A sequence gives numbers to transactions that
    /// end in another order, or never: a replica that asks between the two would skip the one that comes later. The price is that
    /// transactions which end or replace sessions finish one after the other, each for as long as a commit takes; reading, signing
    /// in and noting uses are not among them.
    static func note(_ keys: [SessionKey], _ db: PostgresSession) throws {
        guard !keys.isEmpty else { return }
        try db.change(
            """
            WITH place AS (
                UPDATE session_change_counter SET last = last + cardinality($1::bytea[]) RETURNING last
            ), written AS (
                INSERT INTO session_changes (id, key)
                SELECT place.last - cardinality($1) + given.number, given.key
                FROM place, unnest($1) WITH ORDINALITY AS given (key, number)
            )
            SELECT pg_notify('\(channel)', '')
            """, [.listOfBytes(keys.map(\.digest))])
    }

    /// The same of sessions that cookies hold.
    static func note(_ marks: SessionEnding.Marks, _ db: PostgresSession) throws {
        try db.change(
            """
            WITH place AS (
                UPDATE session_change_counter SET last = last + 1 RETURNING last
            ), written AS (
                INSERT INTO session_changes (id, key, ending) SELECT last, ''::bytea, $1 FROM place
            )
            SELECT pg_notify('\(channel)', '')
            """, [.of(marks.json.jsonText)])
    }

    package func changes(since position: Int64?) async throws(StoreFailure) -> SessionChanges {
        guard let position else {
            let last = try await database.rows("SELECT last FROM session_change_counter")
            return SessionChanges(keys: [], position: try last.first.readOne { try $0.integer("last") } ?? 0)
        }
        let asked = database.clocks.now
        // One statement sees one moment: the counter, and the rows that belong to it.
        let rows = try await database.rows(
            """
            SELECT counter.last, \(PostgresDatabase.now) AS now, change.id, change.key, change.ending FROM session_change_counter AS counter LEFT JOIN LATERAL (
                SELECT id, key, ending FROM session_changes WHERE id > $1 ORDER BY id LIMIT $2
            ) AS change ON true ORDER BY change.id
            """, [.of(position), .limit(Self.changesAtOnce)])
        if let now = try rows.first.readOne({ try $0.integer("now") }) {
            database.clocks.note(UnixTime(seconds: now), askedAt: asked)
            try database.clocks.refuse()
        }
        return try rows.readAll { $0 }.changes(since: position)
    }

    static let changesAtOnce = 10_000
}

extension [PostgresRow] {
    fileprivate func changes(since position: Int64) throws(StoreFailure) -> SessionChanges {
        var changes = SessionChanges(keys: [], position: position)
        do {
            let found = try filter { try $0.possibleInteger("id") != nil }
            changes.position = try found.last?.integer("id") ?? first?.integer("last") ?? position
            // The numbers have no holes. One from before may be ahead of them, where a backup has been restored.
            let isWhole = changes.position &- position == Int64(found.count)
            changes.extent = !isWhole ? .gap : found.count == PostgresSessionStore.changesAtOnce ? .more : .all
            for row in found { try SessionRow.add(row, to: &changes) }
        } catch {
            // A row that cannot be read may have meant any session.
            changes.extent = .gap
        }
        return changes
    }
}
