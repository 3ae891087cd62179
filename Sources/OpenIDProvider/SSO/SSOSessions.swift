import JOSE
import Web

/// The browsers' sessions: found by cookie, begun at every sign-in, ended at sign-out.
struct SSOSessions: Sendable {
    let issuer: Issuer

    private var settings: SSOSettings { issuer.settings.sessions }

    /// The last use is written at most once in so many seconds.
    private static let touchInterval: Int64 = 60
    /// Of several tabs that write at once, each tries again so often.
    private static let maximumTries = 5

    /// The live session of the request's browser, with the accounts that are still signed in. Browsers without a cookie cost the
    /// store nothing. A HEAD only looks: it must make no code.
    func current(_ request: WebRequest) async throws(ProviderStoreFailure) -> SSOSession? {
        guard !sameBytes(request.method, "HEAD") else { return nil }
        for key in SSOCookie.keys(in: request, issuer: issuer) {
            if let session = try await issuer.sso.session(key).flatMap(live) { return session }
        }
        return nil
    }

    /// The session without the accounts whose time is over; `nil` where nobody is left.
    func live(_ session: SSOSession) -> SSOSession? {
        let now = issuer.clock.now
        guard now.since(session.lastUsedAt) < settings.idle, now < session.expiresAt else { return nil }
        var session = session
        session.accounts.removeAll { now.since($0.authTime) >= settings.lifetime }
        return session.accounts.isEmpty ? nil : session
    }

    /// What a sign-in leads to.
    struct Begun: Sendable {
        var session: SSOSession
        var account: SSOAccount
        /// `set-cookie` fields.
        var cookies: [String]
    }

    /// Somebody has given their credentials: a session with a new id, which continues the browser's old one. Its cookie, whoever
    /// knows it, leads nowhere from here on.
    /// - Parameter browser: whose form it was.
    func begin(
        _ account: SSOAccount, isRemembered: Bool, browser: LoginCookie, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> Begun {
        for _ in 0..<Self.maximumTries {
            let old = try await current(request)
            if let begun = try await begin(account, isRemembered, browser, inPlaceOf: old, request) { return begun }
        }
        throw ProviderStoreFailure(detail: "a session changed again and again while somebody signed in")
    }

    /// Somebody who is signed in has given a second factor: a new id for their session, as after a sign-in.
    /// - Parameter change: what becomes of the account.
    /// - Returns: `nil` where the account has been signed out meanwhile.
    func stepUp(
        accountID: String, browser: LoginCookie, _ request: WebRequest, _ change: (SSOAccount) -> SSOAccount
    ) async throws(ProviderStoreFailure) -> Begun? {
        for _ in 0..<Self.maximumTries {
            guard let old = try await current(request), let account = old.account(accountID) else { return nil }
            if let begun = try await begin(change(account), old.isRemembered, browser, inPlaceOf: old, request) { return begun }
        }
        throw ProviderStoreFailure(detail: "a session changed again and again while somebody gave a second factor")
    }

    /// `nil` where the old session has changed meanwhile.
    private func begin(
        _ account: SSOAccount, _ isRemembered: Bool, _ browser: LoginCookie, inPlaceOf old: SSOSession?, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> Begun? {
        let cookie = SSOCookie(randomness: issuer.randomness)
        let begun = merged(account, old, SSOCookie.key(id: cookie.id, browser: browser), isRemembered)
        guard try await issuer.sso.begin(begun.session, inPlaceOf: old) else { return nil }
        let left = old?.accounts.filter { begun.session.account($0.id) == nil } ?? []
        if !left.isEmpty {
            try await SSOSignOut(issuer: issuer).end(left, reason: "too many accounts in one browser", request)
        }
        return Begun(
            session: begun.session, account: begun.account,
            cookies: [
                cookie.setCookie(issuer, maxAge: isRemembered ? settings.lifetime : nil), SSOCookie.signal(issuer),
                browser.setCookie(issuer),
            ])
    }

    private func merged(
        _ account: SSOAccount, _ old: SSOSession?, _ key: SecretDigest, _ isRemembered: Bool
    ) -> (session: SSOSession, account: SSOAccount) {
        let now = issuer.clock.now
        var others = old?.accounts ?? []
        var account = account
        if let index = others.firstIndex(where: { sameBytes($0.subject, account.subject) }) {
            let before = others.remove(at: index)
            account = SSOAccount(
                id: before.id, connectorID: account.connectorID, login: account.login, user: account.user,
                subject: account.subject, authTime: account.authTime, authentication: account.authentication,
                secondFactorAt: account.secondFactorAt, clients: before.clients)
        }
        let session = SSOSession(
            key: key, accounts: [account] + others.prefix(max(0, settings.accountsPerBrowser - 1)), isRemembered: isRemembered,
            createdAt: old?.createdAt ?? now, lastUsedAt: now, expiresAt: now.adding(settings.lifetime))
        return (session, account)
    }

    /// Notes that a client gets tokens for an account: who is told when it ends, and that the session is in use. Writes only what
    /// is new.
    /// - Returns: `false` where the account has been signed out meanwhile.
    func note(
        _ account: SSOAccount, in session: SSOSession, client: String
    ) async throws(ProviderStoreFailure) -> Bool {
        var session = session
        for _ in 0..<Self.maximumTries {
            guard let index = session.accounts.firstIndex(where: { sameBytes($0.id, account.id) }) else { return false }
            let isNew = !session.accounts[index].clients.contains { sameBytes($0, client) }
            let isOld = issuer.clock.now.since(session.lastUsedAt) >= Self.touchInterval
            let isElsewhere = index != 0 || session.accounts[index].user != account.user
            guard isNew || isOld || isElsewhere else { return true }
            if isNew { session.accounts[index].clients.append(client) }
            session.accounts[index].user = account.user
            session.accounts.insert(session.accounts.remove(at: index), at: 0)
            session.lastUsedAt = max(session.lastUsedAt, issuer.clock.now)
            session.version = session.version.addingReportingOverflow(1).partialValue
            if try await issuer.sso.replace(session) { return true }
            guard let fresh = try await issuer.sso.session(ofAccount: account.id).flatMap(live) else { return false }
            session = fresh
        }
        throw ProviderStoreFailure(detail: "a session changed again and again while a code was made")
    }

    /// Whether the account is still signed in somewhere.
    func isLive(accountID: String) async throws(ProviderStoreFailure) -> Bool {
        try await issuer.sso.session(ofAccount: accountID).flatMap(live)?.account(accountID) != nil
    }
}
