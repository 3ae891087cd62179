import AuthService
import JOSE
import OpenIDProvider

/// What of a row is sealed, or should be, and the statements for it in the form of every SQL database. `?` are values in their order.
enum SealedRow {
    /// The table, and the column that its rows are gone through by.
    private static func place(_ kind: SealedKind) -> (table: String, key: String) {
        switch kind {
        case .session: ("sessions", "key")
        case .upstream: ("upstream_tokens", "account")
        case .connector: (StoredConnector.place.table, "id")
        case .secondFactor: ("second_factors", "id")
        }
    }

    private static let tokens = ["id_token", "refresh_token", "access_token"]

    private static func columns(_ kind: SealedKind) -> [String] {
        switch kind {
        case .session: [place(kind).key, "version", "sealed"] + tokens
        case .upstream, .secondFactor: [place(kind).key, "version", "sealed"]
        case .connector: DocumentRow.columns
        }
    }

    /// - Parameter key: the last row's before; `nil`: from the first on.
    static func page(_ kind: SealedKind, after key: [UInt8]?, limit: Int) -> (sql: String, values: [ColumnValue]) {
        let (table, column) = place(kind)
        let after = key.map { self.key(kind, $0) }
        return (
            """
            SELECT \(columns(kind).joined(separator: ", ")) FROM \(table) \(after == nil ? "" : "WHERE \(column) > ?")
            ORDER BY \(column) LIMIT ?
            """,
            (after.map { [$0] } ?? []) + [.integer(Int64(limit))]
        )
    }

    static func key(of row: some StoredRow, _ kind: SealedKind) throws -> [UInt8] {
        let column = place(kind).key
        return kind == .session ? try row.bytes(column) : Array(try row.text(column).utf8)
    }

    /// `nil` where there is nothing secret, and for a connector that cannot be read.
    static func read(_ row: some StoredRow, _ kind: SealedKind) throws -> SealedValue? {
        let record = kind == .connector ? Array(try row.text("content").utf8) : []
        return try stored(row, kind).map { SealedValue(kind: kind, id: try key(of: row, kind), stored: $0, record: record) }
    }

    private static func stored(_ row: some StoredRow, _ kind: SealedKind) throws -> SealedValue.Stored? {
        switch kind {
        case .session: return try session(row)
        case .upstream, .secondFactor:
            let text = try row.text("sealed")
            return text.isEmpty ? nil : .text(text)
        case .connector:
            guard let connector: StoredConnector = try? DocumentRow.read(row), !connector.sealed.isEmpty else { return nil }
            return .connector(connector)
        }
    }

    private static func session(_ row: some StoredRow) throws -> SealedValue.Stored? {
        if let sealed = try row.possibleBytes("sealed") { return .bytes(sealed) }
        let tokens = SessionTokens(
            idToken: try row.possibleSecret("id_token"), refreshToken: try row.possibleSecret("refresh_token"),
            accessToken: try row.possibleSecret("access_token"))
        return tokens.areNone ? nil : .tokens(tokens, version: try row.integer("version"))
    }

    static func replace(_ value: SealedValue, with sealed: [UInt8]) -> (sql: String, values: [ColumnValue]) {
        let (table, column) = place(value.kind)
        let update = "UPDATE \(table) SET sealed = ?"
        let key = key(value.kind, value.id)
        switch value.stored {
        case .bytes(let bytes):
            return ("\(update) WHERE \(column) = ? AND sealed = ?", [.bytes(sealed), key, .bytes(bytes)])
        case .text(let text):
            return ("\(update) WHERE \(column) = ? AND sealed = ?", [.text(RecordKeys.text(sealed)), key, .text(text)])
        case .connector(let connector):
            return (
                "UPDATE \(table) SET content = ? WHERE \(column) = ? AND content = ?",
                [
                    .text(connector.with(sealed).content.jsonText), key,
                    .text(String(decoding: value.record, as: UTF8.self)),
                ]
            )
        case .tokens(_, let version):
            let cleared = tokens.map { ", \($0) = NULL" }.joined()
            return (
                "\(update)\(cleared) WHERE \(column) = ? AND sealed IS NULL AND version = ?",
                [.bytes(sealed), key, .integer(version)]
            )
        }
    }

    private static func key(_ kind: SealedKind, _ id: [UInt8]) -> ColumnValue {
        kind == .session ? .bytes(id) : .text(String(decoding: id, as: UTF8.self))
    }

    /// A page of rows that were read in the order of their keys.
    static func page(_ rows: [some StoredRow], _ kind: SealedKind, limit: Int) throws -> SealedPage {
        let next = rows.count < limit ? nil : try rows.last.map { Base64URL.encode(try key(of: $0, kind)) }
        return SealedPage(values: try rows.compactMap { try read($0, kind) }, next: next)
    }

    static func key(cursor: String?) -> [UInt8]? { cursor.flatMap { Base64URL.decode($0) } }
}
