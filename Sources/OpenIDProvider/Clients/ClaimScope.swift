import JOSE
import OpenIDConnect
import Web

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

    /// The scope value that covers a claim of the user.
    static func value(covering claim: String) -> String? {
        claims.first { $0.claims.contains { sameBytes($0, claim) } }?.scope
    }

    /// The user's claims that the scope covers, and single ones.
    static func claims(of user: ConnectorUser, for scope: Scope, and single: [String] = []) -> JSONObject {
        var told = JSONObject()
        for (value, names) in claims {
            let isCovered = scope.contains(value)
            for name in names where isCovered || single.contains(name) { told[name] = user.claims[name] }
        }
        return told
    }
}
