package import Accounts
package import AuthService
package import JOSE

/// Personal tokens in Redis. Fields: `c` what the owner's last sign-in says of them, `u` when the token was last used.
package struct RedisPersonalTokenStore: PersonalTokenStore {
    private let database: RedisDatabase

    static let fields: [RedisArgument] = ["b", "c", "u"]

    package init(_ database: RedisDatabase) { self.database = database }

    package func create(_ token: PersonalToken, limit: Int) async throws(StoreFailure) -> Bool {
        let bound = RedisDatabase.Bound(kind: .token, set: Self.ownerSet(token.identity), limit: limit)
        switch try await database.create([Self.record(token)], within: bound) {
        case .created: return true
        case .full: return false
        case .exists, .taken: throw StoreFailure(detail: "the token exists already")
        }
    }

    private static func ownerSet(_ identity: Identity) -> String { setName("o", identity.issuer, identity.subject) }

    private static func names(_ identity: Identity) -> [String] {
        let people = [identity.subject, identity.email, identity.preferredUsername].compactMap { $0 }
        return ["all", ownerSet(identity)] + RedisRecord.each(people.map { setName("n", $0) })
    }

    private static func claims(_ identity: Identity) -> RedisArgument {
        var claims = RecordWriter()
        claims.write(identity.claims)
        return .bytes(claims.bytes)
    }

    static func record(_ token: PersonalToken) -> RedisRecord {
        var body = RecordWriter()
        for text in [token.id, token.name, token.access.rawValue, token.identity.issuer, token.identity.subject] {
            body.write(text)
        }
        body.write(token.createdAt)
        body.write(token.expiresAt)
        return RedisRecord(
            .token, id: Base64URL.encode(token.key.bytes), order: token.createdAt, expiresAt: token.expiresAt,
            names: names(token.identity), body: body,
            fields: [("c", claims(token.identity)), ("u", .possible(token.lastUsedAt?.seconds))])
    }

    package func load(_ key: SHA256Bytes) async throws(StoreFailure) -> PersonalToken? {
        let stored = try await database.fields(.token, Base64URL.encode(key.bytes), Self.fields)
        return try stored.map { stored throws(StoreFailure) in try Self.token(stored) }
    }

    static func token(_ stored: StoredFields) throws(StoreFailure) -> PersonalToken {
        do throws(RecordReader.Damaged) { return try read(stored) } catch {
            throw StoreFailure(detail: "a personal token's record is damaged", isOfOneRecord: true)
        }
    }

    private static func read(_ stored: StoredFields) throws(RecordReader.Damaged) -> PersonalToken {
        guard let key = Base64URL.decode(stored.id), let sealed = stored[1].bytes else { throw RecordReader.Damaged() }
        var body = try stored.reader()
        var claims = try RecordReader(sealed)
        let (id, name) = (try body.text(), try body.text())
        guard let access = PersonalToken.Access(rawValue: try body.text()) else { throw RecordReader.Damaged() }
        return PersonalToken(
            key: SHA256Bytes(key), id: id, name: name, access: access,
            identity: Identity(issuer: try body.text(), subject: try body.text(), claims: try claims.members()),
            createdAt: try body.moment(), expiresAt: try body.moment(), lastUsedAt: try stored.possibleMoment(2))
    }

    package func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken] {
        let set =
            switch selection {
            case .all: "all"
            case .owner(let issuer, let subject): setName("o", issuer, subject)
            case .user(let name): setName("n", name)
            }
        let stored = try await database.select(.token, RecordChoice(set: set), limit: limit, Self.fields)
        return try stored.map { stored throws(StoreFailure) in try Self.token(stored) }
    }

    package func touch(_ key: SHA256Bytes, usedAt: UnixTime) async throws(StoreFailure) {
        _ = try await database.run(.touchToken, [.text(Base64URL.encode(key.bytes)), .number(usedAt.seconds)])
    }

    package func renew(_ identity: Identity) async throws(StoreFailure) {
        let owner = Self.ownerSet(identity)
        let names = RedisRecord.list(Self.names(identity).map { .text($0) })
        _ = try await database.run(
            .renewTokens, names + [Self.claims(identity), .text(owner)] + RecordChoice(set: owner).arguments)
    }

    package func delete(_ key: SHA256Bytes) async throws(StoreFailure) -> Bool {
        try await database.drop(.token, [Base64URL.encode(key.bytes)]) > 0
    }

    package func sweep(expiredAt: UnixTime, limit: Int) async throws(StoreFailure) -> Int {
        try await database.sweep(.token, expiredAt: expiredAt.seconds, limit: limit)
    }
}
