package import AuthService
import JOSE
import OpenIDProvider

/// All keys of one prefix in Redis.
package struct RedisRecordStore: RecordStore {
    let database: RedisDatabase

    static let batch = 200
    private static let copying = "copying"

    package init(_ database: RedisDatabase) { self.database = database }

    package func state() async throws(StoreFailure) -> StorageState {
        // Users of an access control list may not be allowed to ask.
        let reply = try await database.client.send(["INFO", "server"])
        let lines = (try? reply.get().text)?.split(whereSeparator: \.isNewline) ?? []
        let version = lines.first { $0.hasPrefix("redis_version:") }?.split(separator: ":").last ?? ""
        let known = Int(RecordWriter.version)
        return StorageState(engine: "Redis \(version)", version: known, knownVersion: known)
    }

    package func counts() async throws(StoreFailure) -> [StoredKind: Int] {
        var counts: [StoredKind: Int] = [:]
        for kind in StoredKind.allCases {
            var count = 0
            try await read(kind) { page in count += page.records.count + page.damaged }
            counts[kind] = count
        }
        return counts
    }

    package func read(
        _ kind: StoredKind, _ body: (RecordPage) async throws(StoreFailure) -> Void
    ) async throws(StoreFailure) {
        if kind == .signingKey { return try await body(signingKeys()) }
        guard let form = RecordForm(kind) else { return try await readMarks(kind, body) }
        guard kind == .secondFactor else { return try await readRecords(form, body) }
        // They are listed in the order in which they came, which other storages keep by the order of their writing.
        var all = RecordPage()
        try await readRecords(form) { page in
            all.records += page.records
            all.damaged += page.damaged
        }
        all.records.sort { $0.age < $1.age }
        try await body(all)
    }

    private func readRecords(
        _ form: RecordForm, _ body: (RecordPage) async throws(StoreFailure) -> Void
    ) async throws(StoreFailure) {
        for ids in try await ids(form.kind).inBatches(of: Self.batch) {
            let reply = try await database.run(
                .dump, [.text(form.kind.rawValue)] + RedisRecord.list(form.fields) + RedisRecord.list(ids.map { .text($0) }))
            var page = RecordPage()
            for stored in try RedisDatabase.stored(reply) { page.add { try form.read(stored) } }
            try await body(page)
        }
    }

    func ids(_ kind: RecordKind) async throws(StoreFailure) -> [String] {
        try await database.scan("\(kind.rawValue):")
    }

    package func write(_ records: [StoredRecord], of kind: StoredKind) async throws(StoreFailure) {
        let revised = RedisArgument.text(DocumentPlace.of(kind)?.record.rawValue ?? "")
        for batch in records.inBatches(of: Self.batch) {
            let forms = batch.compactMap(\.redis)
            if !forms.isEmpty {
                _ = try await database.run(.restore, [revised, .number(Int64(forms.count))] + forms.flatMap(\.arguments))
            }
            for record in batch where record.redis == nil { try await writeAlone(record) }
        }
    }

    private func writeAlone(_ record: StoredRecord) async throws(StoreFailure) {
        switch record {
        case .signingKey(let key): try await write(key)
        case .mark(let mark): try await write(mark)
        case .client, .connector, .user, .invitation, .secondFactor, .consent, .grant, .authorizationCode, .providerSession,
            .logoutNotice,
            .device, .pushedRequest, .upstreamTokens, .session, .personalToken:
            break
        }
    }

    package func empty() async throws(StoreFailure) {
        let keys = try await database.scan("").filter { $0 != Self.copying }
        for batch in keys.inBatches(of: Self.batch) {
            _ = try await database.command(.write, ["UNLINK"] + batch.map { database.key($0) })
        }
    }

    package func isHalfCopied() async throws(StoreFailure) -> Bool {
        try await database.command(.read, ["EXISTS", database.key(Self.copying)]) == .integer(1)
    }

    package func setHalfCopied(_ isHalfCopied: Bool) async throws(StoreFailure) {
        let key = database.key(Self.copying)
        _ = try await database.command(.write, isHalfCopied ? ["SET", key, "1"] : ["DEL", key])
    }

    package func faults() async throws(StoreFailure) -> [String] {
        var faults: [String] = []
        for form in StoredKind.allCases.compactMap({ RecordForm($0) }) {
            var lost = 0
            for ids in try await ids(form.kind).inBatches(of: Self.batch) {
                lost += try await database.count(
                    .verify, [.text(form.kind.rawValue)] + RedisRecord.list(ids.map { .text($0) }))
            }
            if lost > 0 { faults.append("\(lost) records of kind \(form.kind.rawValue) are not in all sets that lead to them") }
        }
        return faults
    }
}

extension RedisDatabase {
    /// What follows `start` in all keys that begin with it, each once.
    func scan(_ start: String) async throws(StoreFailure) -> [String] {
        // In a cluster a command that names a key leads to the node that has ours: this one names none.
        _ = try await command(.read, ["EXISTS", key(start)])
        let whole = prefix + start
        let escaped = whole.map { "*?[]\\".contains($0) ? "\\\($0)" : "\($0)" }.joined()
        var found: Set<String> = []
        var cursor: RedisArgument = "0"
        repeat {
            let reply = try await command(.read, ["SCAN", cursor, "MATCH", .text(escaped + "*"), "COUNT", "1000"])
            guard let parts = reply.list, parts.count == 2, let next = parts[0].text, let keys = parts[1].list else {
                throw Self.odd
            }
            for key in keys.compactMap({ $0.text }) { found.insert(String(key.dropFirst(whole.count))) }
            if next == "0" { return found.sorted() }
            cursor = .text(next)
        } while true
    }
}

extension Array {
    fileprivate func inBatches(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}

extension StoredRecord {
    /// What is older comes first.
    fileprivate var age: Int64 {
        if case .secondFactor(let factor) = self { factor.createdAt.seconds } else { 0 }
    }
}
