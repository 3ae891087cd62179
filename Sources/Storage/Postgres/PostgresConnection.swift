import CPostgres
import JOSE

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to a Postgres. Every call blocks, for no longer than its deadline.
///
/// `@unchecked Sendable`: it goes from thread to thread, but whoever has it has taken it out of the pool, so that no two use it
/// at the same time.
final class PostgresConnection: BlockingConnection, @unchecked Sendable {
    private let handle: OpaquePointer
    /// The names of the statements that the server knows here, by their SQL.
    private var prepared: [String: String] = [:]
    /// Whether something was sent whose answer nobody has waited for.
    private var isInTheMidst = false

    init(_ options: PostgresOptions, _ deadline: Deadline) throws {
        let names = options.parameters.map(\.name)
        let made = withStrings(names) { names in
            withStrings(options.parameters.map(\.value)) { values in PQconnectdbParams(names, values, 1) }
        }
        guard let made else { throw ConnectionFailure(detail: "out of memory") }
        handle = made
        PQsetNoticeProcessor(handle, { _, _ in }, nil)
        guard PQstatus(handle) == CONNECTION_OK, PQsetnonblocking(handle, 1) == 0 else { throw failure() }
        try script(options.preparation, deadline)
    }

    deinit { PQfinish(handle) }

    var isUsable: Bool {
        guard !isInTheMidst, PQtransactionStatus(handle) == PQTRANS_IDLE else { return false }
        // A server that goes says so, and then closes: only reading tells.
        while isReadable { guard PQconsumeInput(handle) == 1 else { return false } }
        return PQstatus(handle) == CONNECTION_OK
    }

    private var isReadable: Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
        return poll(&descriptor, 1, 0) > 0
    }

    // MARK: Statements

    /// Runs one statement, prepared at its first time here. Every value goes beside the statement, in Postgres' binary form.
    func run(_ sql: String, _ values: [ColumnValue], _ deadline: Deadline) throws -> PostgresResult {
        let name = try prepared[sql] ?? prepare(sql, deadline)
        let encoded = values.map(\.postgres)
        let formats = [Int32](repeating: 1, count: values.count)
        return try withBytes(encoded) { pointers, lengths in
            try exchange(deadline) {
                PQsendQueryPrepared(handle, name, Int32(clamping: values.count), pointers, lengths, formats, 1)
            }
        }
    }

    private func prepare(_ sql: String, _ deadline: Deadline) throws -> String {
        let name = "s\(prepared.count)"
        _ = try exchange(deadline) { PQsendPrepare(handle, name, sql, 0, nil) }
        prepared[sql] = name
        return name
    }

    /// Runs several statements without values.
    func script(_ sql: String, _ deadline: Deadline) throws {
        _ = try exchange(deadline) { PQsendQuery(handle, sql) }
    }

    /// Sends, and waits for the whole answer.
    private func exchange(_ deadline: Deadline, _ send: () -> Int32) throws -> PostgresResult {
        isInTheMidst = true
        guard send() == 1 else { throw failure() }
        try flush(deadline)
        var last: PostgresResult?
        var refusal: PostgresFailure?
        while let result = try nextResult(deadline) {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = try PostgresResult(result)
            default: refusal = refusal ?? PostgresFailure(result)
            }
        }
        guard PQstatus(handle) == CONNECTION_OK else { throw failure() }
        isInTheMidst = false
        if let refusal {
            guard !refusal.endsConnection else {
                isInTheMidst = true
                throw ConnectionFailure(detail: refusal.description)
            }
            throw refusal
        }
        return last ?? PostgresResult.empty
    }

    private func flush(_ deadline: Deadline) throws {
        while true {
            switch PQflush(handle) {
            case 0: return
            case 1:
                // A server that has much to say may have to be heard before it listens.
                try wait(for: Int16(POLLIN | POLLOUT), deadline)
                if isReadable, PQconsumeInput(handle) != 1 { throw failure() }
            default: throw failure()
            }
        }
    }

    private func nextResult(_ deadline: Deadline) throws -> OpaquePointer? {
        while PQisBusy(handle) == 1 {
            try wait(for: Int16(POLLIN), deadline)
            guard PQconsumeInput(handle) == 1 else { throw failure() }
        }
        return PQgetResult(handle)
    }

    private func wait(for events: Int16, _ deadline: Deadline) throws {
        guard try isReady(for: events, deadline) else { throw ConnectionFailure(detail: "no answer in time") }
    }

    private func isReady(for events: Int16, _ deadline: Deadline) throws -> Bool {
        var descriptor = pollfd(fd: PQsocket(handle), events: events, revents: 0)
        while true {
            let count = poll(&descriptor, 1, deadline.milliseconds)
            if count >= 0 { return count > 0 }
            guard errno == EINTR else { throw ConnectionFailure(detail: String(cString: strerror(errno))) }
        }
    }

    // MARK: Notifications

    /// Waits for word on a channel that is listened to.
    /// - Returns: whether some came before the deadline.
    func awaitNotification(_ deadline: Deadline) throws -> Bool {
        if takeNotifications() { return true }
        while try isReady(for: Int16(POLLIN), deadline) {
            guard PQconsumeInput(handle) == 1 else { throw failure() }
            if takeNotifications() { return true }
        }
        return false
    }

    private func takeNotifications() -> Bool {
        var isAny = false
        while let notification = PQnotifies(handle) {
            isAny = true
            PQfreemem(notification)
        }
        return isAny
    }

    /// What libpq says of the connection, on one line. It never names a password.
    private func failure() -> ConnectionFailure {
        isInTheMidst = true
        let message = PQerrorMessage(handle).map { String(cString: $0) } ?? ""
        let lines = message.split(separator: "\n").joined(separator: "; ")
        return ConnectionFailure(detail: lines.isEmpty ? "the connection is lost" : lines, mayPass: Self.mayPass(lines))
    }

    /// A server that lets nobody in, or not us, says so (FATAL), unless it is on its way up or down; libpq has no codes for it.
    private static func mayPass(_ message: String) -> Bool {
        let isRefusal = ["FATAL:", "certificate", "SSL"].contains { message.contains($0) }
        return !isRefusal || ["starting up", "shutting down", "recovery", "too many"].contains { message.contains($0) }
    }
}

/// The texts as C strings, with a NULL behind them.
private func withStrings<Value>(_ texts: [String], _ body: ([UnsafePointer<CChar>?]) -> Value) -> Value {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}

/// The values one behind the other, each with where it begins and its length: `nil` stays NULL, and an empty one is none.
private func withBytes<Value>(
    _ values: [[UInt8]?], _ body: ([UnsafePointer<CChar>?], [Int32]) throws -> Value
) rethrows -> Value {
    // One byte more, so that there is a place to point to in any case.
    let all = Array(values.compactMap { $0 }.joined()) + [0]
    return try all.withUnsafeBytes { buffer in
        let base = buffer.bindMemory(to: CChar.self).baseAddress
        var pointers: [UnsafePointer<CChar>?] = []
        var offset = 0
        for value in values {
            pointers.append(value == nil ? nil : base?.advanced(by: offset))
            offset += value?.count ?? 0
        }
        return try body(pointers, values.map { Int32(clamping: $0?.count ?? 0) })
    }
}
