import JOSE
import OpenIDConnect

/// Which claims a scope value asks for (OpenID Connect Core §5.4; `groups` as Dex has it).
enum ClaimScope {
    static let openID = "openid"
    static let offlineAccess = "offline_access"

    private static let claims: [(scope: String, claims: [String])] = [
        ("email", ["email", "email_verified"]),
        ("profile", ["name", "preferred_username"]),
        ("groups", ["groups"]),
    ]

    static let supported = [openID] + claims.map(\.scope) + [offlineAccess]

    static let claimsSupported =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "sid", "amr", "acr"] + claims.flatMap(\.claims)

    /// The user's claims that the scope covers.
    static func claims(of user: ConnectorUser, for scope: Scope) -> JSONObject {
        var told = JSONObject()
        for (value, names) in claims where scope.contains(value) {
            for name in names { told[name] = user.claims[name] }
        }
        return told
    }
}
