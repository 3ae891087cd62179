import JOSE
import Web

/// A password that somebody has sent, on its way to the connector that knows it. Whoever tries too often does not get there.
struct PasswordCheck {
    let connector: any PasswordConnector
    let web: WebRequest
    let issuer: Issuer

    enum Answer: Sendable {
        case authenticated(ConnectorUser)
        /// Unknown user, wrong password, disabled.
        case wrong
        /// Nothing was looked at, whoever it is about.
        case tooMany(retryAfter: Int64)
        case busy
        /// `detail` is for the log.
        case failed(detail: String)
    }

    func answer(login: String, password: Secret) async -> Answer {
        let attempt = PasswordAttempt(login: login, connectorID: connector.id, request: web, issuer: issuer)
        switch await issuer.passwordAttempts.begin(attempt, password: password, now: issuer.clock.now) {
        case .wait(let seconds): return .tooMany(retryAfter: seconds)
        case .counted(let counted):
            switch await connector.authenticate(login: login, password: password) {
            case .authenticated(let user):
                await issuer.passwordAttempts.succeeded(counted, now: issuer.clock.now)
                return .authenticated(user)
            case .wrong:
                issuer.passwordAttempts.failed(counted, now: issuer.clock.now)
                return .wrong
            case .busy:
                await issuer.passwordAttempts.takeBack(counted, now: issuer.clock.now)
                return .busy
            case .failed(let detail):
                await issuer.passwordAttempts.takeBack(counted, now: issuer.clock.now)
                return .failed(detail: detail)
            }
        }
    }

    /// The cookie by which the browser is known from now on.
    func deviceCookie(login: String) -> String {
        KnownDevice.cookie(
            remembering: PasswordAttempt.account(login: login, connectorID: connector.id), in: web, issuer: issuer)
    }
}
