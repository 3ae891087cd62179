import Accounts
import AuthService
import JOSE
import OpenIDConnect
import OpenIDProvider
import Storage
import Testing

/// One record of every kind, with a name where stores look records up by it and a text where they do not.
struct SampleRecords: Sendable {
    var number: UInt8 = 1
    var name = "süb"
    var text = "\"ä\" 漢字"
    var expires: Int64 = 1000

    func digest(_ offset: UInt8 = 0) -> SecretDigest { SecretDigest(bytes: Array(repeating: number &+ offset, count: 32)) }

    private var end: UnixTime { UnixTime(seconds: expires) }

    var identity: Identity {
        Identity(
            issuer: "https://issuer", subject: name,
            claims: JSONObject([("email", .string("\(name)@example.com")), ("note", .string(text)), ("n", .integer(.max))]))
    }

    var session: Session {
        Session(
            key: SessionKey(digest: digest().bytes), identity: identity, scope: "app.example.com", providerID: "corp",
            providerSessionID: "sid-\(name)", authTime: UnixTime(seconds: 90), createdAt: UnixTime(seconds: 150),
            lastUsedAt: UnixTime(seconds: 200), expiresAt: end, idToken: Secret(utf8: "id"), refreshToken: Secret(utf8: "rt"),
            grantedScopes: ["openid"])
    }

    var token: PersonalToken {
        PersonalToken(
            key: SHA256Bytes(digest().bytes), id: "id-\(number)", name: "a name", access: .read, identity: identity,
            createdAt: UnixTime(seconds: 101), expiresAt: end, lastUsedAt: UnixTime(seconds: 102))
    }

    private var user: ConnectorUser { ConnectorUser(id: name, claims: JSONObject([("note", .string(text))])) }

    var grant: GrantRecord {
        GrantRecord(
            id: "g\(number)", sessionID: name, clientID: "client", subject: name, connectorID: "local", user: user,
            authTime: UnixTime(seconds: 1), scope: Scope(["openid", "offline_access"]),
            claims: SingleClaims(userinfo: ["name", "groups"]), createdAt: UnixTime(seconds: 2), expiresAt: end,
            refresh: RefreshFamily(handle: digest(50), key: [0, 1, 255], generation: 3, rotatedAt: UnixTime(seconds: 3)))
    }

    var code: AuthorizationCodeRecord {
        AuthorizationCodeRecord(
            key: digest(), grantID: grant.id, clientID: "client", redirectURI: "https://a/cb", nonce: text,
            codeChallenge: "challenge", expiresAt: end, isUsed: false)
    }

    var ssoSession: SSOSession {
        let account = SSOAccount(
            id: "account-\(number)", connectorID: "local", login: "jané", user: user, subject: name,
            authTime: UnixTime(seconds: 5), authentication: Authentication(amr: ["pwd", "otp"], acr: "mfa"), clients: ["app"])
        return SSOSession(
            key: digest(), accounts: [account], isRemembered: true, createdAt: UnixTime(seconds: 5),
            lastUsedAt: UnixTime(seconds: 6), expiresAt: end)
    }

    var consent: ConsentRecord {
        ConsentRecord(
            subject: name, clientID: "client-\(number)", scope: Scope(["openid", "email"]), givenAt: UnixTime(seconds: 8))
    }

    var notice: LogoutNotice {
        LogoutNotice(
            id: "n\(number)", clientID: "app", sessionID: text, subject: name, createdAt: UnixTime(seconds: 10), attempts: 0,
            nextAttemptAt: UnixTime(seconds: 10))
    }

    var device: DeviceRecord {
        DeviceRecord(
            key: digest(), userCode: digest(100), clientID: name, scope: Scope(["openid"]), expiresAt: end, interval: 5)
    }

    var request: PushedRequestRecord {
        PushedRequestRecord(key: digest(), clientID: name, parameters: text, expiresAt: end)
    }

    var upstream: UpstreamTokens { UpstreamTokens(accountID: name, sealed: text, expiresAt: end) }

    var storedUser: StoredUser {
        StoredUser(
            id: "u\(number)", email: "\(name)@Example.com", username: name, name: text, groups: ["team \"a\""],
            hash: Secret(utf8: "$2b$hash"), createdAt: UnixTime(seconds: 100), passwordChangedAt: UnixTime(seconds: 100))
    }

    var invitation: InvitationRecord { InvitationRecord(key: digest(), userID: storedUser.id, expiresAt: end) }

    var factor: SecondFactor {
        SecondFactor(
            id: "f\(number)", account: SecondFactorAccount(connectorID: "local", userID: name), kind: .totp, label: "Phone",
            sealed: text, details: JSONObject([("hashes", ["a", "b"])]), counter: 7, createdAt: UnixTime(seconds: 5),
            lastUsedAt: UnixTime(seconds: 9))
    }

    var passkey: SecondFactor {
        SecondFactor(
            id: "p\(number)", account: factor.account, kind: .passkey, label: "Key", credentialID: [0, number, 255],
            createdAt: UnixTime(seconds: 6))
    }

    var client: StoredClient {
        var description = ClientDescription()
        (description.name, description.redirectURIs) = ("A \"name\"", ["https://app.example.com/cb"])
        let secret = StoredClient.KnownSecret(id: text, digest: digest(), createdAt: UnixTime(seconds: 7))
        return StoredClient(id: "c-\(name)", description: description, secrets: [secret], createdAt: UnixTime(seconds: 100))
    }

    var connector: StoredConnector {
        StoredConnector(id: "k-\(name)", sealed: text, createdAt: UnixTime(seconds: 100))
    }

    var signingKey: StoredSigningKey {
        StoredSigningKey(
            purpose: "p-\(name)", algorithm: .es256, material: Secret(Array(text.utf8)), createdAt: UnixTime(seconds: 4))
    }

    var ending: SessionEnding {
        SessionEnding(marks: .init(.named(name)), endedAt: UnixTime(seconds: 150), rememberUntil: end)
    }
}

/// Everything that a store keeps, through the protocols of the stores.
extension SampleRecords {
    /// Writes one record of every kind.
    func write(to store: StoreFixture) async throws {
        try await store.sessions.create(session)
        try await store.sessions.revoke(SessionKey(digest: digest(1).bytes), until: end)
        let nobody = try #require(
            SignOutNotice(
                issuer: "https://nobody", subject: "x", providerSessionID: nil, digest: digest(2).bytes, rememberUntil: end))
        _ = try await store.sessions.signOut(nobody, remembering: nil)
        try await store.sessions.remember(ending)
        _ = try await store.sessions.beginning(of: session)
        _ = try await store.sessions.claimCookieRefresh(session.key, version: 3, now: UnixTime(seconds: 1), until: end)
        _ = try await store.personalTokens.create(token, limit: 100)
        try await store.provider.create(grant, with: code)
        _ = try await store.provider.takeAuthorizationCode(code.key)
        _ = try await store.sso.begin(ssoSession, inPlaceOf: nil)
        try await store.sso.remember(consent)
        try await store.sso.end(SSOEnding(accountIDs: [], notices: [notice]), keepingOffline: false)
        try await store.sso.postponeNotice(id: notice.id, until: UnixTime(seconds: 77))
        _ = try await store.transients.create(device, limit: 100)
        _ = try await store.transients.push(request, limit: 100)
        _ = try await store.transients.takeOnce(digest(), until: end)
        try await store.upstream.keep(upstream)
        _ = try await store.users.create(storedUser, invitation: invitation)
        _ = try await store.secondFactors.add([factor, passkey])
        _ = try await store.clients.create(client)
        _ = try await store.connectors.create(connector)
        try await store.signingKeys.addFirstSigningKey(signingKey)
    }

    /// What a store says of all that `write` has written, a line each.
    func read(from store: StoreFixture) async throws -> [String] {
        let session = try await store.sessions.load(session.key)
        let token = try await store.personalTokens.list(.user(name), limit: 10).first
        let other = Session(
            key: SessionKey(digest: digest(1).bytes), identity: identity, scope: "", providerID: "", providerSessionID: nil,
            authTime: UnixTime(seconds: 0), createdAt: UnixTime(seconds: 900), lastUsedAt: UnixTime(seconds: 0),
            expiresAt: end, idToken: nil, refreshToken: nil)
        let refusals: [Bool] = [
            try await store.sessions.hasEnded(other), try await store.sessions.hasEnded(self.session),
            try await store.transients.isTaken(digest()),
            try await store.sessions.claimCookieRefresh(
                self.session.key, version: 3, now: UnixTime(seconds: 2), until: UnixTime(seconds: 3)),
        ]
        let found: [Any?] = [
            session?.identity, session?.version, session?.lastUsedAt, session?.idToken?.text, session?.refreshToken?.text,
            session?.grantedScopes, session?.providerSessionID, try await store.sessions.list(.named(name), limit: 9).count,
            token?.identity, token?.name, token?.lastUsedAt, try await store.provider.grant(refreshHandle: digest(50)),
            try await store.provider.authorizationCode(code.key), try await store.provider.grants(.init(user: name), limit: 5),
            try await store.sso.session(ofAccount: "account-\(number)"), try await store.sso.accounts(ofSubject: name),
            try await store.sso.consents(ofSubject: name), try await store.transients.device(userCode: digest(100)),
            try await store.upstream.upstreamTokens(accountID: name), try await store.users.user(login: name),
            try await store.users.users(after: nil, limit: 10), try await store.users.invitation(invitation.key),
            try await store.secondFactors.secondFactors(of: factor.account),
            try await store.secondFactors.secondFactor(credentialID: [0, number, 255]),
            try await store.clients.documents(since: nil)?.documents.filter { $0.id == client.id },
            try await store.connectors.documents(since: nil)?.documents.filter { $0.id == connector.id },
            try await store.signingKeys.signingKeys(purpose: signingKey.purpose).map(\.material.bytes), refusals,
        ]
        return found.map { "\($0 ?? "nothing")" }
    }
}
