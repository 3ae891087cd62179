import JOSE
import Web

/// The end of every first factor, whichever connector it was at. Where a second one is asked for, its page comes next; else a session
/// begins under a new id, and the authorization request is led on with it.
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
    /// When they gave a second factor with it, which the authentication names.
    var secondFactorAt: UnixTime?
    /// What the upstream is asked again with.
    var kept: Secret?

    func complete(_ user: ConnectorUser, _ authentication: Authentication) async -> WebResponse {
        let account = SSOAccount(
            id: issuer.randomness.identifier(), connectorID: connectorID, login: login, user: user,
            subject: Subject.of(user, connectorID: connectorID), authTime: countedAuthTime, authentication: authentication,
            secondFactorAt: secondFactorAt)
        let flow = signIn.flow(web, issuer)
        do throws(ProviderStoreFailure) {
            let sealed = try kept.map { kept throws(ProviderStoreFailure) in
                try KeptUser(user: user, kept: kept).sealed(with: issuer.upstreamTokenKeys)
            }
            let first = FirstFactor(account: account, isRemembered: isRemembered, kept: sealed)
            let step = SecondFactorStep(.signingIn(first), request: flow.request, browser: browser, issuer: issuer)
            let form = SecondFactorForm(flow: flow, step: step, account: account, browser: browser)
            let standing = try await SecondFactors(issuer: issuer).standing(
                of: account, at: signIn.client, for: flow.request.demand)
            return standing.isDue
                ? form.page(standing) : try await SecondFactorCompletion(form, wasLeft: false).complete(with: nil)
        } catch { return flow.unavailable(error.detail) }
    }

    /// Somebody may have signed in at an upstream long before our own session would be over: it must not end before it has begun.
    private var countedAuthTime: UnixTime {
        let now = issuer.clock.now
        let sessions = issuer.settings.sessions
        return min(now, max(authTime ?? now, now.adding(-max(0, sessions.lifetime - sessions.idle))))
    }
}
