import Accounts
import JOSE

/// What a session begins with.
struct SessionStart: Sendable {
    var identity: Identity
    /// As `CookiePolicy.scope`.
    var scope: String
    var providerID: String
    var providerSessionID: String?
    var authTime: UnixTime
    var authentication = SessionAuthentication()
    var idToken: Secret?
    var refreshToken: Secret?
    var accessToken: Secret?
    var grantedScopes: [String] = []
    var refresh = RefreshState()
    var device = SessionDevice()
    /// Whether the browser keeps its cookie when it is closed.
    var isRemembered = true
}
