import AuthService
package import JOSE
package import OpenIDProvider

/// The provider's users in Redis.
package struct RedisUserStore: UserStore {
    private let database: RedisDatabase

    private static let attempts = 16

    package init(_ database: RedisDatabase) { self.database = database }

    package func create(_ user: StoredUser, invitation: InvitationRecord?) async throws(ProviderStoreFailure) -> Bool {
        let link = invitation.map { ["1"] + InvitationFields.record($0).arguments } ?? ["0"]
        return try await providing { () async throws(StoreFailure) in
            try await database.count(.createUser, UserFields.record(user).arguments + link) == 1
        }
    }

    package func user(id: String) async throws(ProviderStoreFailure) -> StoredUser? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.user, id, UserFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try UserFields.read(stored) }
    }

    package func user(login: String) async throws(ProviderStoreFailure) -> StoredUser? {
        let key = StoredUser.loginKey(login)
        if let user = try await users(setName("e", key), limit: 1).first { return user }
        let named = try await users(setName("u", key), limit: 2)
        return named.count == 1 ? named.first : nil
    }

    private func users(_ set: String, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.select(.user, RecordChoice(set: set), limit: limit, UserFields.all)
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try UserFields.read(stored) }
    }

    package func users(after: String?, limit: Int) async throws(ProviderStoreFailure) -> [StoredUser] {
        let bound = after.map(StoredUser.loginKey) ?? ""
        let stored = try await providing { () async throws(StoreFailure) in
            let arguments: [RedisArgument] = [.text(bound), .number(Int64(max(0, limit)))]
            return try RedisDatabase.stored(
                try await database.run(.userPage, arguments + RedisRecord.list(UserFields.all)))
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try UserFields.read(stored) }
    }

    package func replace(_ user: StoredUser) async throws(ProviderStoreFailure) -> UserReplacement {
        let reply = try await providing { () async throws(StoreFailure) in
            try await database.run(.replaceUser, UserFields.record(user).arguments).text
        }
        switch reply {
        case "replaced": return .replaced
        case "taken": return .taken
        case "outdated": return .outdated
        default: throw ProviderStoreFailure(detail: RedisDatabase.odd.detail)
        }
    }

    package func deleteUser(id: String) async throws(ProviderStoreFailure) -> Bool {
        try await providing { () async throws(StoreFailure) in
            try await database.count(.deleteUser, [.text(id)] + InvitationFields.choice(id).arguments) == 1
        }
    }

    package func invite(_ invitation: InvitationRecord) async throws(ProviderStoreFailure) {
        _ = try await providing { () async throws(StoreFailure) in
            try await database.run(
                .invite,
                [.text(invitation.userID)] + InvitationFields.choice(invitation.userID).arguments
                    + InvitationFields.record(invitation).arguments)
        }
    }

    package func invitation(_ key: SecretDigest) async throws(ProviderStoreFailure) -> InvitationRecord? {
        let stored = try await providing { () async throws(StoreFailure) in
            try await database.fields(.invitation, key.recordID, ["b"])
        }
        return try stored.map { stored throws(ProviderStoreFailure) in try InvitationFields.read(stored, key) }
    }

    /// Reads link and user, and writes both if the user is still as they were; otherwise once more.
    package func accept(
        _ key: SecretDigest, hash: Secret, now: UnixTime
    ) async throws(ProviderStoreFailure) -> StoredUser? {
        for _ in 0..<Self.attempts {
            guard let invitation = try await invitation(key), now < invitation.expiresAt,
                var user = try await user(id: invitation.userID)
            else { return nil }
            user.hash = hash
            user.passwordChangedAt = now
            user.version = user.version.addingReportingOverflow(1).partialValue
            let arguments =
                [.text(key.recordID)] + UserFields.record(user).arguments + InvitationFields.choice(user.id).arguments
            let reply = try await providing { () async throws(StoreFailure) in try await database.run(.accept, arguments).text }
            if reply == "accepted" { return user }
            if reply == "gone" { return nil }
        }
        throw ProviderStoreFailure(detail: "Redis: a user changed each time that a link was to be taken")
    }

    package func sweepInvitations(expiredAt: UnixTime, limit: Int) async throws(ProviderStoreFailure) -> Int {
        try await providing { () async throws(StoreFailure) in
            try await database.sweep(.invitation, expiredAt: expiredAt.seconds, limit: limit)
        }
    }
}

/// A user as a record. Field `k`: the address by which users are in order.
enum UserFields {
    static let all: [RedisArgument] = ["b", "v"]

    static func record(_ user: StoredUser) -> RedisRecord {
        var body = RecordWriter()
        for text in [user.email, user.username, user.name] { body.write(text) }
        body.write(user.groups)
        body.writeIfAny(user.hash) { $0.write($1) }
        body.write(user.isDisabled)
        body.write(user.createdAt)
        body.writeIfAny(user.passwordChangedAt) { $0.write($1) }
        let address = StoredUser.loginKey(user.email)
        return RedisRecord(
            .user, id: user.id, version: user.version, order: user.createdAt, unique: [setName("e", address)],
            names: [setName("u", StoredUser.loginKey(user.username))], body: body, fields: [("k", .text(address))])
    }

    static func read(_ stored: StoredFields) throws(ProviderStoreFailure) -> StoredUser {
        try reading("a user") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return StoredUser(
                id: stored.id, email: try body.text(), username: try body.text(), name: try body.text(),
                groups: try body.texts(), hash: try body.possibleSecret(), isDisabled: try body.flag(),
                createdAt: try body.moment(), passwordChangedAt: try body.possibleMoment(), version: try stored.number(1))
        }
    }
}

/// A link for somebody who chooses their password, as a record.
enum InvitationFields {
    static func choice(_ userID: String) -> RecordChoice { RecordChoice(set: setName("u", userID)) }

    static func record(_ invitation: InvitationRecord) -> RedisRecord {
        var body = RecordWriter()
        body.write(invitation.userID)
        body.write(invitation.expiresAt)
        return RedisRecord(
            .invitation, id: invitation.key.recordID, expiresAt: invitation.expiresAt, names: [setName("u", invitation.userID)],
            body: body)
    }

    static func read(_ stored: StoredFields, _ key: SecretDigest) throws(ProviderStoreFailure) -> InvitationRecord {
        try reading("a link") { () throws(RecordReader.Damaged) in
            var body = try stored.reader()
            return InvitationRecord(key: key, userID: try body.text(), expiresAt: try body.moment())
        }
    }
}
