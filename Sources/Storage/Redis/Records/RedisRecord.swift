import JOSE

/// What kinds of records there are; the names are parts of keys.
enum RecordKind: String, Sendable {
    case session, token, grant, code, signIn = "sso", consent, notice, device, request, upstream, user, invitation,
        secondFactor = "factor", client, connector
}

/// A record to be written: a hash of its own, and the sets that lead to it. A set of a kind holds the ids of records, in the order of
/// `order`; of names that are `unique` each leads to one record.
struct RedisRecord: Sendable {
    let kind: RecordKind
    let id: String
    var version: Int64 = 1
    /// Grows with what comes later: sets are read from the newest on.
    var order: UnixTime
    /// From then on it may be swept; `nil`: never.
    var expiresAt: UnixTime?
    /// Kinds whose records end unused are swept by it, too.
    var usedAt: UnixTime?
    var unique: [String] = []
    var names: [String] = []
    /// Fields of the hash, `b` with the record's bytes among them.
    var fields: [(name: String, value: RedisArgument)]

    init(
        _ kind: RecordKind, id: String, version: Int64 = 1, order: UnixTime = UnixTime(seconds: 0), expiresAt: UnixTime? = nil,
        usedAt: UnixTime? = nil, unique: [String] = [], names: [String] = [], body: RecordWriter,
        fields: [(name: String, value: RedisArgument)] = []
    ) {
        self.kind = kind
        self.id = id
        self.version = version
        self.order = order
        self.expiresAt = expiresAt
        self.usedAt = usedAt
        self.unique = unique
        self.names = names
        self.fields = [("b", .bytes(body.bytes))] + fields
    }

    /// As the scripts' `takeRecord` reads it.
    var arguments: [RedisArgument] {
        // One that overflows is no version that was ever stored.
        let before = version.subtractingReportingOverflow(1)
        return [
            .text(kind.rawValue), .text(id), .number(version), before.overflow ? "" : .number(before.partialValue),
            .number(order.seconds), .possible(expiresAt?.seconds), .possible(usedAt?.seconds),
        ] + Self.list(unique.map { .text($0) }) + Self.list(Self.each(names).map { .text($0) })
            + Self.list(fields.flatMap { [.text($0.name), $0.value] })
    }

    static func list(_ elements: [RedisArgument]) -> [RedisArgument] { [.number(Int64(elements.count))] + elements }

    /// Every name once, by its bytes.
    static func each(_ names: [String]) -> [String] {
        var seen: Set<[UInt8]> = []
        return names.filter { seen.insert(Array($0.utf8)).inserted }
    }
}

/// A name that leads to records, of parts that cannot run into one another.
func setName(_ mark: String, _ parts: String...) -> String {
    guard let last = parts.last else { return mark }
    return mark + ":" + parts.dropLast().map { "\($0.utf8.count):\($0)" }.joined() + last
}

/// The fields of a stored record, as a script gives them.
struct StoredFields {
    let id: String
    private let values: [RESPValue]

    /// `nil` where there is no such record.
    init?(id: String, _ values: [RESPValue]) {
        guard let first = values.first, first != .null else { return nil }
        self.id = id
        self.values = values
    }

    /// One of a script's list: the id, and then the fields.
    init?(listed value: RESPValue) {
        guard let parts = value.list, let id = parts.first?.text else { return nil }
        self.init(id: id, Array(parts.dropFirst()))
    }

    subscript(index: Int) -> RESPValue { index < values.count ? values[index] : .null }

    /// The record's bytes are its first field, always.
    func reader() throws(RecordReader.Damaged) -> RecordReader {
        guard let bytes = self[0].bytes else { throw RecordReader.Damaged() }
        return try RecordReader(bytes)
    }

    func number(_ index: Int) throws(RecordReader.Damaged) -> Int64 {
        guard let number = self[index].number else { throw RecordReader.Damaged() }
        return number
    }

    func moment(_ index: Int) throws(RecordReader.Damaged) -> UnixTime { UnixTime(seconds: try number(index)) }

    /// `nil` for a field that is empty or not there.
    func possibleMoment(_ index: Int) throws(RecordReader.Damaged) -> UnixTime? {
        switch self[index] {
        case .null: nil
        case .bytes(let bytes) where bytes.isEmpty: nil
        default: try moment(index)
        }
    }
}
