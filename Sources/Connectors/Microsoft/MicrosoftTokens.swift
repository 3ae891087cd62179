import JOSE
import OpenIDProvider
import RelyingParty
import Web

/// What stands in Microsoft's access tokens. Those for Graph are signed in a way that only Graph can check, and only Graph needs to:
/// nobody is signed in before it has taken the very same token. Personal accounts have tokens that nobody else can read.
struct MicrosoftToken {
    private let claims: JSONObject

    /// Of all people who have an account of their own.
    private static let personalTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

    /// `nil` for what nobody but Microsoft can read.
    init?(_ token: Secret) {
        guard let signed = try? JSONWebSignature(compact: token.text) else { return nil }
        claims = signed.claims
    }

    /// `appid` in the first version of these tokens, `azp` in the second.
    func isHeld(by clientID: String) -> Bool {
        ["appid", "azp"].contains { name in sameBytes(claims[name]?.string ?? "", clientID) }
    }

    /// Whether it is of a tenant, as the configuration names it. An application of several tenants has users in all of them, who sign in
    /// here only through the tenant's own page.
    func isOf(tenant: String) -> Bool {
        guard let own = claims["tid"]?.string?.lowercased() else { return false }
        return switch tenant.lowercased() {
        case "common": true
        case "organizations": !sameBytes(own, Self.personalTenant)
        case "consumers": sameBytes(own, Self.personalTenant)
        case let wanted: sameBytes(own, wanted)
        }
    }
}
