import AuthService
import JOSE
import OpenIDProvider

/// How Redis' scripts read one kind of record.
struct RecordForm {
    let kind: RecordKind
    /// Behind them comes what its set of uses says.
    let fields: [RedisArgument]
    let read: (StoredFields) throws -> StoredRecord

    /// `nil` for a kind that is no record in Redis.
    init?(_ stored: StoredKind) {
        switch stored {
        case .client: self.init(.client, DocumentFields.all) { .client(try DocumentFields.read($0)) }
        case .connector: self.init(.connector, DocumentFields.all) { .connector(try DocumentFields.read($0)) }
        case .user: self.init(.user, UserFields.all) { .user(try UserFields.read($0)) }
        case .invitation:
            self.init(.invitation, ["b"]) { .invitation(try InvitationFields.read($0, try SecretDigest(of: $0))) }
        case .secondFactor: self.init(.secondFactor, SecondFactorFields.all) { .secondFactor(try SecondFactorFields.read($0)) }
        case .consent: self.init(.consent, ConsentFields.all) { .consent(try ConsentFields.read($0)) }
        case .grant: self.init(.grant, GrantFields.all) { .grant(try GrantFields.read($0)) }
        case .authorizationCode:
            self.init(.code, CodeFields.all) { .authorizationCode(try CodeFields.read($0, try SecretDigest(of: $0))) }
        case .providerSession: self.init(.signIn, SSOFields.all) { .providerSession(try SSOFields.read($0)) }
        case .logoutNotice:
            self.init(.notice, ["b", "t"]) { .logoutNotice(try NoticeFields.read($0, nextAttemptAt: try $0.moment(2))) }
        case .device: self.init(.device, DeviceFields.all) { .device(try DeviceFields.read($0)) }
        case .pushedRequest:
            self.init(.request, ["b"]) { .pushedRequest(try RequestFields.read($0, try SecretDigest(of: $0))) }
        case .upstreamTokens: self.init(.upstream, RedisUpstreamStore.all) { .upstreamTokens(try RedisUpstreamStore.read($0)) }
        case .session: self.init(.session, SessionRecord.fields) { .session(try SessionRecord.read($0)) }
        case .personalToken:
            self.init(.token, RedisPersonalTokenStore.fields) { .personalToken(try RedisPersonalTokenStore.token($0)) }
        case .signingKey, .nameTaken, .revokedSession, .endedSession, .latestBeginning, .signOutNotice, .refreshClaim: return nil
        }
    }

    private init(_ kind: RecordKind, _ fields: [RedisArgument], read: @escaping (StoredFields) throws -> StoredRecord) {
        (self.kind, self.fields, self.read) = (kind, fields, read)
    }
}

extension StoredRecord {
    /// `nil` for what is no record in Redis.
    var redis: RedisRecord? {
        switch self {
        case .client(let client): DocumentFields.record(client)
        case .connector(let connector): DocumentFields.record(connector)
        case .user(let user): UserFields.record(user)
        case .invitation(let invitation): InvitationFields.record(invitation)
        case .secondFactor(let factor): SecondFactorFields.record(factor)
        case .consent(let consent): ConsentFields.record(consent)
        case .grant(let grant): GrantFields.record(grant)
        case .authorizationCode(let code): CodeFields.record(code)
        case .providerSession(let session): SSOFields.record(session)
        case .logoutNotice(let notice): NoticeFields.record(notice)
        case .device(let device): DeviceFields.record(device)
        case .pushedRequest(let request): RequestFields.record(request)
        case .upstreamTokens(let tokens): RedisUpstreamStore.record(tokens)
        case .session(let session): SessionRecord.record(session, isNew: true)
        case .personalToken(let token): RedisPersonalTokenStore.record(token)
        case .signingKey, .mark: nil
        }
    }
}

extension SecretDigest {
    /// That a record is kept under.
    fileprivate init(of stored: StoredFields) throws {
        guard let digest = SecretDigest(recordID: stored.id) else { throw RecordReader.Damaged() }
        self = digest
    }
}
