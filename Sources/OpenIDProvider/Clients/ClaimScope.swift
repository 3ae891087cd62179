import JOSE
import OpenIDConnect
import Web

/// Which claims a scope value asks for (OpenID Connect Core §5.4; `groups` and `federated:id` as Dex has them).
enum ClaimScope {
    static let openID = "openid"
    static let offlineAccess = "offline_access"

    private static let claims: [(scope: String, claims: [String])] = [
        ("email", ["email", "email_verified"]),
        ("profile", ["name", "preferred_username"]),
        ("groups", ["groups"]),
        ("federated:id", [federatedClaims]),
    ]

    /// Who the user is to the connector.
    private static let federatedClaims = "federated_claims"

    static let supported = [openID] + claims.map(\.scope) + [offlineAccess]

    static let claimsSupported =
        ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash", "sid", "amr", "acr"]
        + claims.flatMap(\.claims)

    /// The scope value that covers a claim of the user.
    static func value(covering claim: String) -> String? {
        claims.first { $0.claims.contains { sameBytes($0, claim) } }?.scope
    }

    /// The user's claims that the scope covers, and single ones.
    static func claims(of grant: GrantRecord, for scope: Scope, and single: [String] = []) -> JSONObject {
        var told = JSONObject()
        for (value, names) in claims {
            let isCovered = scope.contains(value)
            for name in names where isCovered || single.contains(name) { told[name] = claim(name, of: grant) }
        }
        return told
    }

    private static func claim(_ name: String, of grant: GrantRecord) -> JSONValue? {
        // An upstream's own claim of this name would be about somewhere else.
        guard sameBytes(name, federatedClaims) else { return grant.user.claims[name] }
        return ["connector_id": .string(grant.connectorID), "user_id": .string(grant.user.id)]
    }
}
