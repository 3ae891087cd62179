/// What a storage holds, in the order in which it is copied: what others refer to comes first. The names are those of the tables.
package enum StoredKind: String, Sendable, CaseIterable {
    case signingKey = "signing_keys"
    case client = "clients"
    case connector = "connectors"
    case user = "users"
    case invitation = "invitations"
    case secondFactor = "second_factors"
    case consent = "consents"
    case grant = "grants"
    case authorizationCode = "authorization_codes"
    case providerSession = "sso_sessions"
    case logoutNotice = "logout_notices"
    case device = "devices"
    case pushedRequest = "pushed_requests"
    case nameTaken = "names_taken"
    case upstreamTokens = "upstream_tokens"
    case session = "sessions"
    case revokedSession = "revoked_sessions"
    case endedSession = "ended_sessions"
    case latestBeginning = "latest_beginning"
    case signOutNotice = "sign_out_notices"
    case refreshClaim = "refresh_claims"
    case personalToken = "personal_tokens"

    /// For people.
    package var text: String { rawValue.split(separator: "_").joined(separator: " ") }
}

extension StoredKind {
    /// Those that every SQL database has.
    var columns: [String] {
        switch self {
        case .signingKey: SigningKeyRow.columns
        case .client, .connector: DocumentRow.columns
        case .user: UserRow.columns
        case .invitation: InvitationRow.columns
        case .secondFactor: SecondFactorRow.columns
        case .consent: ConsentRow.columns
        case .grant: GrantRow.columns
        case .authorizationCode: AuthorizationCodeRow.columns
        case .providerSession: SSOSessionRow.columns
        case .logoutNotice: LogoutNoticeRow.columns
        case .device: DeviceRow.columns
        case .pushedRequest: PushedRequestRow.columns
        case .upstreamTokens: UpstreamTokensRow.columns
        case .session: SessionRow.columns
        case .personalToken: PersonalTokenRow.columns
        case .nameTaken, .revokedSession, .endedSession, .latestBeginning, .signOutNotice, .refreshClaim: MarkRow.columns(self)
        }
    }

    /// Columns that order the rows and tell each from the others: rows that are listed in the order in which they came have a number.
    var order: [String] {
        switch self {
        case .signingKey: ["id"]
        case .secondFactor: ["number"]
        case .consent: ["subject", "client"]
        case .client, .connector, .user, .invitation, .grant, .authorizationCode, .providerSession, .logoutNotice, .device,
            .pushedRequest,
            .upstreamTokens, .session, .personalToken, .nameTaken, .revokedSession, .endedSession, .latestBeginning,
            .signOutNotice, .refreshClaim:
            Array(columns.prefix(1))
        }
    }

    func read(_ row: some StoredRow) throws -> StoredRecord {
        switch self {
        case .signingKey: try .signingKey(SigningKeyRow.readKnown(row))
        case .client: try .client(DocumentRow.read(row))
        case .connector: try .connector(DocumentRow.read(row))
        case .user: try .user(UserRow.read(row))
        case .invitation: try .invitation(InvitationRow.read(row))
        case .secondFactor: try .secondFactor(SecondFactorRow.read(row))
        case .consent: try .consent(ConsentRow.read(row))
        case .grant: try .grant(GrantRow.read(row))
        case .authorizationCode: try .authorizationCode(AuthorizationCodeRow.read(row))
        case .providerSession: try .providerSession(SSOSessionRow.read(row))
        case .logoutNotice: try .logoutNotice(LogoutNoticeRow.read(row))
        case .device: try .device(DeviceRow.read(row))
        case .pushedRequest: try .pushedRequest(PushedRequestRow.read(row))
        case .upstreamTokens: try .upstreamTokens(UpstreamTokensRow.read(row))
        case .session: try .session(SessionRow.read(row))
        case .personalToken: try .personalToken(PersonalTokenRow.read(row))
        case .nameTaken, .revokedSession, .endedSession, .latestBeginning, .signOutNotice, .refreshClaim:
            try .mark(MarkRow.read(row, self))
        }
    }
}
