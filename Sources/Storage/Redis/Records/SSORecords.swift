import JOSE
import OpenIDConnect
import OpenIDProvider

/// A session at the provider as a record.
enum SSOFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func record(_ session: SSOSession) -> RedisRecord {
        var body = RecordWriter()
        body.write(session.isRemembered)
        body.write(session.createdAt)
        body.write(session.lastUsedAt)
        body.write(session.expiresAt)
        body.write(JSONValue.array(session.accounts.map(\.json)).jsonBytes)
        return RedisRecord(
            .signIn, id: session.key.recordID, version: session.version, order: session.createdAt, expiresAt: session.expiresAt,
            usedAt: session.lastUsedAt,
            names: ["all"] + session.accounts.flatMap(names), body: body)
    }

    private static func names(_ account: SSOAccount) -> [String] {
        let people = [account.subject, account.user.claims["email"]?.string, account.user.claims["preferred_username"]?.string]
        return [setName("a", account.id), setName("s", account.subject)] + people.compactMap { $0 }.map { setName("n", $0) }
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> SSOSession {
        try reading("a session") { () throws(RecordReader.Damaged) in
            guard let key = SecretDigest(recordID: stored.id) else { throw RecordReader.Damaged() }
            var body = try stored.reader()
            let isRemembered = try body.flag()
            let (created, used, expires) = (try body.moment(), try body.moment(), try body.moment())
            return SSOSession(
                key: key, accounts: try accounts(try body.bytes()), isRemembered: isRemembered, createdAt: created,
                lastUsedAt: used, expiresAt: expires, version: try stored.number(1))
        }
    }

    private static func accounts(_ json: [UInt8]) throws(RecordReader.Damaged) -> [SSOAccount] {
        guard let values = (try? JSONReader.read(json))?.array else { throw RecordReader.Damaged() }
        let accounts = values.compactMap { SSOAccount(json: $0) }
        guard accounts.count == values.count else { throw RecordReader.Damaged() }
        return accounts
    }
}

/// What a person has allowed a client, as a record.
enum ConsentFields {
    static let all: [RedisArgument] = ["b"]

    static func id(subject: String, client: String) -> String { "\(subject.utf8.count):\(subject)\(client)" }

    static func record(_ consent: ConsentRecord) -> RedisRecord {
        var body = RecordWriter()
        body.write(consent.subject)
        body.write(consent.clientID)
        body.write(consent.scope.values)
        body.write(consent.givenAt)
        return RedisRecord(
            .consent, id: id(subject: consent.subject, client: consent.clientID), names: [setName("s", consent.subject)],
            body: body)
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> ConsentRecord {
        try reading("a consent") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return ConsentRecord(
                subject: try body.text(), clientID: try body.text(), scope: Scope(try body.texts()),
                givenAt: try body.moment())
        }
    }
}

/// A notice of sign-out as a record. Field `t`: how often it was sent. It counts as used when it is sent next.
enum NoticeFields {
    static func record(_ notice: LogoutNotice) -> RedisRecord {
        var body = RecordWriter()
        for text in [notice.clientID, notice.sessionID, notice.subject] { body.write(text) }
        body.write(notice.createdAt)
        return RedisRecord(
            .notice, id: notice.id, usedAt: notice.nextAttemptAt, body: body, fields: [("t", .number(Int64(notice.attempts)))])
    }

    static func read(_ stored: StoredFields, nextAttemptAt: UnixTime) throws(ProviderStoreFailure) -> LogoutNotice {
        try reading("a notice") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return LogoutNotice(
                id: stored.id, clientID: try body.text(), sessionID: try body.text(), subject: try body.text(),
                createdAt: try body.moment(), attempts: Int(clamping: try stored.number(1)), nextAttemptAt: nextAttemptAt)
        }
    }
}
