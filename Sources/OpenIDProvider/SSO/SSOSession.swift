package import JOSE
import Web

/// The session of one browser at the provider, over all clients: who is signed in there. Its cookie holds an id of 256 random
/// bits, which is new after every sign-in.
package struct SSOSession: Sendable, Equatable {
    /// Of the cookie's id and of the browser's other cookie (`LoginCookie`): either alone leads nowhere.
    package let key: SecretDigest
    /// Used last comes first; at least one, each person once.
    package var accounts: [SSOAccount]
    /// Whether the browser keeps the cookie when it is closed.
    package let isRemembered: Bool
    package let createdAt: UnixTime
    package var lastUsedAt: UnixTime
    /// From here on no account is signed in any more and the row may be swept.
    package var expiresAt: UnixTime
    /// 1 at first; every replacement adds one.
    package var version: Int64

    package init(
        key: SecretDigest, accounts: [SSOAccount], isRemembered: Bool, createdAt: UnixTime, lastUsedAt: UnixTime,
        expiresAt: UnixTime, version: Int64 = 1
    ) {
        self.key = key
        self.accounts = accounts
        self.isRemembered = isRemembered
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
        self.expiresAt = expiresAt
        self.version = version
    }

    func account(_ id: String) -> SSOAccount? { accounts.first { sameBytes($0.id, id) } }
}

/// One person who is signed in in a browser.
package struct SSOAccount: Sendable, Equatable {
    /// `sid` in the tokens of all clients (OpenID Connect Front-Channel Logout §3), unique. It stays when the person signs in again.
    package let id: String
    package let connectorID: String
    /// What was typed to sign in: a client may send it as `login_hint`.
    package var login: String
    /// Who that is, as the connector said last.
    package var user: ConnectorUser
    /// `sub`
    package let subject: String
    /// When the person last gave their credentials.
    package var authTime: UnixTime
    package var authentication: Authentication
    /// When they last gave a second factor here, which `authentication` names; `nil`: they have not.
    package var secondFactorAt: UnixTime?
    /// The clients that took part: all of them are told when this ends.
    package var clients: [String]

    package init(
        id: String, connectorID: String, login: String, user: ConnectorUser, subject: String, authTime: UnixTime,
        authentication: Authentication = .password, secondFactorAt: UnixTime? = nil, clients: [String] = []
    ) {
        self.id = id
        self.connectorID = connectorID
        self.login = login
        self.user = user
        self.subject = subject
        self.authTime = authTime
        self.authentication = authentication
        self.secondFactorAt = secondFactorAt
        self.clients = clients
    }
}

extension SSOAccount {
    /// Whether administrators may mean this person: by subject, e-mail address or user name.
    package func isCalled(_ user: String) -> Bool {
        [subject, self.user.claims["email"]?.string, self.user.claims["preferred_username"]?.string].contains { name in
            name.map { sameBytes($0, user) } ?? false
        }
    }
}

/// How somebody proved who they are, in the words of ID tokens.
package struct Authentication: Sendable, Equatable {
    /// RFC 8176.
    package var amr: [String]
    /// The class that the first factor is of; what clients ask for with `acr_values`. Empty: not known.
    package var acr: String

    package init(amr: [String], acr: String) {
        self.amr = amr
        self.acr = acr
    }

    package static let password = Authentication(amr: ["pwd"], acr: "pwd")
    /// At an upstream that does not say how.
    package static let elsewhere = Authentication(amr: [], acr: "")

    /// Every class that a sign-in here can be of (`acr_values_supported`).
    static func classes(_ settings: SecondFactorSettings) -> [String] { [password.acr] + settings.acrValues }
}
