package import AuthService
import JOSE
import OpenIDProvider

/// A Redis, as it is gone through to seal everything under the first key.
package struct RedisSealedValues: SealedValueStore {
    private let database: RedisDatabase

    package init(_ database: RedisDatabase) { self.database = database }

    package func sealedValues(
        _ kind: SealedKind, from cursor: String?, limit: Int
    ) async throws(StoreFailure) -> SealedPage {
        let start = "\(database.prefix)\(kind.record.rawValue):"
        let reply = try await database.command(
            .read,
            ["SCAN", .text(cursor ?? "0"), "MATCH", .text(Self.literal(start) + "*"), "COUNT", .number(Int64(limit))])
        guard let parts = reply.list, parts.count == 2, let next = parts[0].text, let keys = parts[1].list else {
            throw RedisDatabase.odd
        }
        var values: [SealedValue] = []
        for case let key? in keys.map(\.text) {
            if let value = try await value(kind, id: String(key.dropFirst(start.count))) { values.append(value) }
        }
        return SealedPage(values: values, next: next == "0" ? nil : next)
    }

    /// A prefix as a pattern that means it alone.
    private static func literal(_ text: String) -> String {
        text.map { "*?[]\\^".contains($0) ? "\\\($0)" : String($0) }.joined()
    }

    private func value(_ kind: SealedKind, id: String) async throws(StoreFailure) -> SealedValue? {
        guard let fields = try await database.fields(kind.record, id, SessionRecord.fields), let record = fields[0].bytes,
            let (id, stored) = try kind.stored(fields)
        else { return nil }
        return SealedValue(kind: kind, id: id, stored: stored, record: record)
    }

    package func reseal(_ value: SealedValue, as sealed: [UInt8]) async throws(StoreFailure) -> Bool {
        let id = value.kind == .session ? Base64URL.encode(value.id) : String(decoding: value.id, as: UTF8.self)
        guard let fields = try await database.fields(value.kind.record, id, SessionRecord.fields),
            let (record, field) = try value.replaced(fields, with: sealed)
        else { return false }
        var before: [UInt8] = []
        if case .bytes(let bytes) = value.stored { before = bytes }
        return try await database.count(
            .reseal,
            [.text(value.kind.record.rawValue), .text(id), .bytes(value.record), .bytes(before), .bytes(record), .bytes(field)])
            == 1
    }
}

extension SealedKind {
    fileprivate var record: RecordKind {
        switch self {
        case .session: .session
        case .upstream: .upstream
        case .connector: .connector
        case .secondFactor: .secondFactor
        }
    }

    /// The id and what is secret; `nil` where nothing is, or for what cannot be read.
    fileprivate func stored(_ fields: StoredFields) throws(StoreFailure) -> (id: [UInt8], SealedValue.Stored)? {
        switch self {
        case .session:
            guard let session = try? SessionRecord.read(fields) else { return nil }
            if let sealed = session.sealedTokens { return (session.key.digest, .bytes(sealed)) }
            let tokens = SessionTokens(session)
            return tokens.areNone ? nil : (session.key.digest, .tokens(tokens, version: session.version))
        case .upstream: return text(try? RedisUpstreamStore.read(fields).sealed, fields)
        case .connector: return text((try? DocumentFields.read(fields) as StoredConnector)?.sealed, fields)
        case .secondFactor: return text(try? SecondFactorFields.read(fields).sealed, fields)
        }
    }

    private func text(_ sealed: String?, _ fields: StoredFields) -> (id: [UInt8], SealedValue.Stored)? {
        sealed.flatMap { $0.isEmpty ? nil : (Array(fields.id.utf8), .text($0)) }
    }
}

extension SealedValue {
    /// The record's bytes with sealed ones in it, and the field beside them that a session's tokens have.
    fileprivate func replaced(
        _ fields: StoredFields, with sealed: [UInt8]
    ) throws(StoreFailure) -> (record: [UInt8], field: [UInt8])? {
        switch (kind, stored) {
        case (.session, .bytes): return (record, sealed)
        case (.session, _):
            let none = SessionTokens(idToken: nil, refreshToken: nil, accessToken: nil)
            return (try? SessionRecord.read(fields)).map { (SessionRecord.body($0.with(none)).bytes, sealed) }
        case (.connector, _):
            guard let connector: StoredConnector = try? DocumentFields.read(fields) else { return nil }
            return (DocumentFields.body(connector.with(sealed)).bytes, [])
        case (.upstream, _):
            guard var tokens = try? RedisUpstreamStore.read(fields) else { return nil }
            tokens.sealed = RecordKeys.text(sealed)
            return (RedisUpstreamStore.body(tokens).bytes, [])
        case (.secondFactor, _):
            guard var factor = try? SecondFactorFields.read(fields) else { return nil }
            factor.sealed = RecordKeys.text(sealed)
            return (SecondFactorFields.body(factor).bytes, [])
        }
    }
}

extension RedisScript {
    /// Writes a record's bytes, and the field of a session's sealed tokens, in the place of those that were read: 1, or 0 where
    /// others are there. The version stays.
    ///
    /// Arguments: kind, id; bytes and field as they were (nothing: there is none); bytes and field as they shall be.
    fileprivate static let reseal = RedisScript(
        .write,
        """
        local key = recordKey(take(), take())
        local body, field, newBody, newField = take(), take(), take(), take()
        local now = redis.call('HMGET', key, 'b', 's')
        if now[1] ~= body or (now[2] or '') ~= field then return 0 end
        redis.call('HSET', key, 'b', newBody)
        if newField ~= '' then redis.call('HSET', key, 's', newField) end
        return 1
        """)
}
