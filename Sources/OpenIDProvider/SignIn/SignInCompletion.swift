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

    func complete(_ user: ConnectorUser, _ authentication: Authentication) async -> WebResponse {
        let account = SSOAccount(
            id: issuer.randomness.token(16), connectorID: connectorID, login: login, user: user,
            subject: Subject.of(user, connectorID: connectorID), authTime: issuer.clock.now, authentication: authentication)
        var flow = signIn.flow(web, issuer)
        do throws(ProviderStoreFailure) {
            let begun = try await SSOSessions(issuer: issuer).begin(
                account, isRemembered: isRemembered, browser: browser, web)
            flow.request.progress.accountID = begun.account.id
            flow.request.progress.isAuthenticated = true
            flow.request.progress.wantsOther = false
            return await flow.goOn(begun.session, cookies: begun.cookies)
        } catch { return flow.unavailable(error.detail) }
    }
}
