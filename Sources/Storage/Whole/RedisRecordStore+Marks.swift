import AuthService
import JOSE

/// Signing keys, and what Redis keeps in sorted sets.
extension RedisRecordStore {
    func signingKeys() async throws(StoreFailure) -> RecordPage {
        var page = RecordPage()
        for purpose in try await database.scan("keys:") {
            let fields = try await database.command(.read, ["HGETALL", database.key("keys:\(purpose)")]).list ?? []
            var keys: [(number: Int64, record: StoredRecord)] = []
            for index in stride(from: 0, to: fields.count - 1, by: 2) {
                if let found = try? RedisSigningKeyStore.key(purpose, fields[index], fields[index + 1]) {
                    keys.append((found.number, .signingKey(found.key)))
                } else {
                    page.damaged += 1
                }
            }
            page.records += keys.sorted { $0.number < $1.number }.map(\.record)
        }
        return page
    }

    func write(_ key: StoredSigningKey) async throws(StoreFailure) {
        // None is made after this moment: it is added whatever there is.
        let always = RedisArgument.number(.max)
        let written = try await database.count(
            .addKey, RedisSigningKeyStore.name(key) + [RedisSigningKeyStore.bytes(key.material), always])
        guard written == 1 else { throw StoreFailure(detail: "Redis: a signing key was not added") }
    }

    func readMarks(
        _ kind: StoredKind, _ body: (RecordPage) async throws(StoreFailure) -> Void
    ) async throws(StoreFailure) {
        guard let form = MarkForm(kind) else { return try await body(latestBeginning()) }
        var start: Int64 = 0
        while true {
            let found =
                try await database.command(
                    .read,
                    ["ZRANGE", database.key(form.ends), .number(start), .number(start + Int64(Self.batch) - 1), "WITHSCORES"]
                ).list ?? []
            if found.isEmpty { return }
            try await body(page(form, found))
            start += Int64(Self.batch)
        }
    }

    /// - Parameter found: members and scores in turn.
    private func page(_ form: MarkForm, _ found: [RESPValue]) async throws(StoreFailure) -> RecordPage {
        let members = stride(from: 0, to: found.count - 1, by: 2).map { found[$0] }
        var numbers = [RESPValue](repeating: .null, count: members.count)
        if let other = form.other {
            let command = [.text(other.command), database.key(other.key)] + members.map { .bytes($0.bytes ?? []) }
            numbers = try await database.command(.read, command).list ?? numbers
        }
        var page = RecordPage()
        for (index, member) in members.enumerated() {
            page.add { try form.mark(member, number: numbers[index], end: found[index * 2 + 1]) }
        }
        return page
    }

    private func latestBeginning() async throws(StoreFailure) -> RecordPage {
        var page = RecordPage()
        guard let moment = try await database.command(.read, ["GET", database.key("latest-beginning")]).number else {
            return page
        }
        page.add { .mark(StoredMark(kind: .latestBeginning, name: [], numbers: [moment])) }
        return page
    }

    func write(_ mark: StoredMark) async throws(StoreFailure) {
        guard let end = mark.numbers.last else { return }
        guard let form = MarkForm(mark.kind) else {
            _ = try await database.command(.write, ["SET", database.key("latest-beginning"), .number(end)])
            return
        }
        let member = form.member(mark.name)
        if let other = form.other, let number = mark.numbers.first {
            let pair: [RedisArgument] = other.isHash ? [member, .number(number)] : [.number(number), member]
            _ = try await database.command(.write, [other.isHash ? "HSET" : "ZADD", database.key(other.key)] + pair)
        }
        _ = try await database.command(.write, ["ZADD", database.key(form.ends), .number(end), member])
    }
}

/// Where Redis has one kind of mark: a set of names in the order of their ends, and beside it another number of each, for some.
private struct MarkForm {
    let kind: StoredKind
    let ends: String
    var other: (key: String, isHash: Bool, command: String)?
    /// Whether names are Base64 there.
    var isText = false

    /// `nil` for what is no set.
    init?(_ kind: StoredKind) {
        self.kind = kind
        switch kind {
        case .nameTaken: ends = "taken"
        case .revokedSession: (ends, isText) = ("revoked", true)
        case .endedSession: (ends, other) = ("ended:until", ("ended:at", false, "ZMSCORE"))
        case .signOutNotice: ends = "sign-outs"
        case .refreshClaim: (ends, other, isText) = ("renewals:until", ("renewals", true, "HMGET"), true)
        case .latestBeginning, .signingKey, .client, .connector, .user, .invitation, .secondFactor, .consent, .grant,
            .authorizationCode,
            .providerSession, .logoutNotice, .device, .pushedRequest, .upstreamTokens, .session, .personalToken:
            return nil
        }
    }

    func member(_ name: [UInt8]) -> RedisArgument { isText ? .text(Base64URL.encode(name)) : .bytes(name) }

    func mark(_ member: RESPValue, number: RESPValue, end: RESPValue) throws -> StoredRecord {
        guard let name = isText ? member.text.flatMap({ Base64URL.decode($0) }) : member.bytes, let end = end.number,
            let numbers = other == nil ? [end] : number.number.map({ [$0, end] })
        else { throw RecordReader.Damaged() }
        return .mark(StoredMark(kind: kind, name: name, numbers: numbers))
    }
}
