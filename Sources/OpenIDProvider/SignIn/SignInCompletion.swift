import JOSE
import Web

/// The end of every sign-in, whichever connector it was at: a session under a new id, and the authorization request led on with it.
struct SignInCompletion {
    let signIn: PendingSignIn
    let connectorID: String
    /// What was typed; what the next sign-in suggests.
    let login: String
    let isRemembered: Bool
    /// Whose login page it was.
    let browser: LoginCookie
    let web: WebRequest
    let issuer: Issuer
    /// When the person gave their credentials, where that was not now.
    var authTime: UnixTime?
    /// What the upstream is asked again with.
    var kept: Secret?

    func complete(_ user: ConnectorUser, _ authentication: Authentication) async -> WebResponse {
        let account = SSOAccount(
            id: issuer.randomness.token(16), connectorID: connectorID, login: login, user: user,
            subject: Subject.of(user, connectorID: connectorID), authTime: countedAuthTime, authentication: authentication)
        var flow = signIn.flow(web, issuer)
        do throws(ProviderStoreFailure) {
            let begun = try await SSOSessions(issuer: issuer).begin(
                account, isRemembered: isRemembered, browser: browser, web)
            try await keep(user, of: begun.account)
            flow.request.progress.accountID = begun.account.id
            flow.request.progress.isAuthenticated = true
            flow.request.progress.wantsOther = false
            return await flow.goOn(begun.session, cookies: begun.cookies)
        } catch { return flow.unavailable(error.detail) }
    }

    /// Somebody may have signed in at an upstream long before our own session would be over: it must not end before it has begun.
    private var countedAuthTime: UnixTime {
        let now = issuer.clock.now
        let sessions = issuer.settings.sessions
        return min(now, max(authTime ?? now, now.adding(-max(0, sessions.lifetime - sessions.idle))))
    }

    /// Before any grant is made of the account.
    private func keep(_ user: ConnectorUser, of account: SSOAccount) async throws(ProviderStoreFailure) {
        guard let kept else { return }
        let sealed = try KeptUser(user: user, kept: kept).sealed(with: issuer.upstreamTokenKeys)
        try await issuer.upstream.keep(
            UpstreamTokens(accountID: account.id, sealed: sealed, expiresAt: issuer.upstreamExpiry))
    }
}
