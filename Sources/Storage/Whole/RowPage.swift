/// A page of an SQL database, and what the next one follows.
struct RowPage: Sendable {
    static let size = 500

    let page: RecordPage
    let last: [ColumnValue]?

    init(_ rows: [some StoredRow], _ kind: StoredKind) throws {
        page = RecordPage(rows, kind)
        last = rows.count < Self.size ? nil : try kind.order.map { try rows[rows.count - 1].value($0) }
    }

    /// - Parameter mark: of the value with this number, from 1.
    static func sql(_ kind: StoredKind, after last: [ColumnValue]?, mark: (Int) -> String) -> String {
        let order = PostgresSQL.list(kind.order)
        let columns = PostgresSQL.list(kind.columns + kind.order.filter { !kind.columns.contains($0) })
        let marks = PostgresSQL.list(kind.order.indices.map { mark($0 + 1) })
        let condition = last == nil ? "" : " WHERE (\(order)) > (\(marks))"
        return "SELECT \(columns) FROM \(kind.rawValue)\(condition) ORDER BY \(order) LIMIT \(size)"
    }
}
