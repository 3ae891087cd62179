import Accounts
import AuthService
import JOSE

/// A session as a record. Version, last use, the claim of its refresh and sealed tokens are fields of their own.
enum SessionRecord {
    static let fields: [RedisArgument] = ["b", "v", "u", "c", "s"]

    static func id(_ key: SessionKey) -> String { Base64URL.encode(key.digest) }

    /// `nil` for what no session was ever called.
    static func key(_ id: some StringProtocol) -> SessionKey? {
        Base64URL.decode(id).flatMap { $0.count == 32 ? SessionKey(digest: $0) : nil }
    }

    /// - Parameter isNew: another version leaves the last use as it is.
    static func record(_ session: Session, isNew: Bool) -> RedisRecord {
        let claimed = (name: "c", value: RedisArgument.possible(session.refresh.claimedUntil?.seconds))
        let used = (name: "u", value: RedisArgument.number(session.lastUsedAt.seconds))
        return RedisRecord(
            .session, id: id(session.key), version: session.version, order: session.createdAt, expiresAt: session.expiresAt,
            usedAt: isNew ? session.lastUsedAt : nil, names: names(session), body: body(session),
            fields: [claimed, (name: "s", value: .bytes(session.sealedTokens ?? []))] + (isNew ? [used] : []))
    }

    private static func names(_ session: Session) -> [String] {
        let identity = session.identity
        let people = [identity.subject, identity.email, identity.preferredUsername].compactMap { $0 }
        return [
            SessionSelection.all, .user(issuer: identity.issuer, subject: identity.subject),
            .handle(Array(session.key.digest.prefix(8))),
        ].map(\.setName) + people.map { SessionSelection.named($0).setName }
            + (session.providerSessionID.map { [SessionSelection.providerSession(issuer: identity.issuer, id: $0).setName] } ?? [])
    }

    static func body(_ session: Session) -> RecordWriter {
        var body = RecordWriter()
        body.write(session.identity.issuer)
        body.write(session.identity.subject)
        body.write(session.identity.claims)
        body.write(session.scope)
        body.write(session.providerID)
        body.writeIfAny(session.providerSessionID) { $0.write($1) }
        body.write(session.authTime)
        body.writeIfAny(session.authentication.time) { $0.write($1) }
        body.writeIfAny(session.authentication.acr) { $0.write($1) }
        body.write(session.authentication.amr)
        body.write(session.createdAt)
        body.write(session.expiresAt)
        for secret in [session.idToken, session.refreshToken, session.accessToken] {
            body.writeIfAny(secret) { $0.write($1) }
        }
        body.write(session.grantedScopes)
        body.writeIfAny(session.refresh.dueAt) { $0.write($1) }
        body.writeIfAny(session.refresh.failingSince) { $0.write($1) }
        body.write(session.device.userAgent)
        body.write(session.device.address)
        return body
    }

    static func read(_ stored: StoredFields) throws(StoreFailure) -> Session {
        do throws(RecordReader.Damaged) { return try session(stored) } catch {
            throw StoreFailure(detail: "a session's record is damaged", isOfOneRecord: true)
        }
    }

    private static func session(_ stored: StoredFields) throws(RecordReader.Damaged) -> Session {
        guard let key = key(stored.id) else { throw RecordReader.Damaged() }
        var body = try stored.reader()
        var session = Session(
            key: key, version: try stored.number(1),
            identity: Identity(issuer: try body.text(), subject: try body.text(), claims: try body.members()),
            scope: try body.text(), providerID: try body.text(), providerSessionID: try body.possibleText(),
            authTime: try body.moment(),
            authentication: SessionAuthentication(
                time: try body.possibleMoment(), acr: try body.possibleText(), amr: try body.texts()),
            createdAt: try body.moment(), lastUsedAt: try stored.moment(2), expiresAt: try body.moment(),
            idToken: try body.possibleSecret(), refreshToken: try body.possibleSecret(), accessToken: try body.possibleSecret(),
            grantedScopes: try body.texts(),
            refresh: RefreshState(
                dueAt: try body.possibleMoment(), claimedUntil: try stored.possibleMoment(3),
                failingSince: try body.possibleMoment()),
            device: SessionDevice(userAgent: try body.text(), address: try body.text()))
        session.sealedTokens = stored[4].bytes.flatMap { $0.isEmpty ? nil : $0 }
        return session
    }
}

extension SessionSelection {
    /// The set that has these sessions.
    var setName: String {
        switch self {
        case .all: "all"
        case .user(let issuer, let subject): Storage.setName("u", issuer, subject)
        case .named(let name): Storage.setName("n", name)
        case .handle(let bytes): Storage.setName("h", Base64URL.encode(bytes))
        case .providerSession(let issuer, let id): Storage.setName("p", issuer, id)
        }
    }
}
