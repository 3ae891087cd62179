package import AuthService
package import JOSE
package import OpenIDProvider

/// One record of a storage, of whatever kind.
package enum StoredRecord: Sendable {
    case signingKey(StoredSigningKey)
    case client(StoredClient)
    case connector(StoredConnector)
    case user(StoredUser)
    case invitation(InvitationRecord)
    case secondFactor(SecondFactor)
    case consent(ConsentRecord)
    case grant(GrantRecord)
    case authorizationCode(AuthorizationCodeRecord)
    case providerSession(SSOSession)
    case logoutNotice(LogoutNotice)
    case device(DeviceRecord)
    case pushedRequest(PushedRequestRecord)
    case upstreamTokens(UpstreamTokens)
    case session(Session)
    case personalToken(PersonalToken)
    case mark(StoredMark)
}

/// A record that is a name and numbers.
package struct StoredMark: Sendable {
    package let kind: StoredKind
    let name: [UInt8]
    /// The last is the moment at which it ends, but for the latest beginning.
    let numbers: [Int64]
}

extension StoredRecord {
    /// From then on it counts for nothing; `nil`: it has no end.
    var expiresAt: UnixTime? {
        switch self {
        case .invitation(let invitation): invitation.expiresAt
        case .grant(let grant): grant.expiresAt
        case .authorizationCode(let code): code.expiresAt
        case .providerSession(let session): session.expiresAt
        case .device(let device): device.expiresAt
        case .pushedRequest(let request): request.expiresAt
        case .upstreamTokens(let tokens): tokens.expiresAt
        case .session(let session): session.expiresAt
        case .personalToken(let token): token.expiresAt
        case .mark(let mark): mark.kind == .latestBeginning ? nil : mark.numbers.last.map { UnixTime(seconds: $0) }
        case .signingKey, .client, .connector, .user, .secondFactor, .consent, .logoutNotice: nil
        }
    }

    /// As a row of its kind's table.
    var values: [ColumnValue] {
        switch self {
        case .signingKey(let key): SigningKeyRow.values(key)
        case .client(let client): DocumentRow.values(client)
        case .connector(let connector): DocumentRow.values(connector)
        case .user(let user): UserRow.values(user)
        case .invitation(let invitation): InvitationRow.values(invitation)
        case .secondFactor(let factor): SecondFactorRow.values(factor)
        case .consent(let consent): ConsentRow.values(consent)
        case .grant(let grant): GrantRow.values(grant)
        case .authorizationCode(let code): AuthorizationCodeRow.values(code)
        case .providerSession(let session): SSOSessionRow.values(session)
        case .logoutNotice(let notice): LogoutNoticeRow.values(notice)
        case .device(let device): DeviceRow.values(device)
        case .pushedRequest(let request): PushedRequestRow.values(request)
        case .upstreamTokens(let tokens): UpstreamTokensRow.values(tokens)
        case .session(let session): SessionRow.values(session)
        case .personalToken(let token): PersonalTokenRow.values(token)
        case .mark(let mark): MarkRow.values(mark)
        }
    }

    /// SHA-256 of all that it says: the same in every storage.
    var digest: [UInt8] { sha256(values.flatMap { Array("\($0)".utf8) + [0] }) }
}
