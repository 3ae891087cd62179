import Accounts
import JOSE
import Web

/// An ID token that we issued, as it comes back (`id_token_hint`). It may have expired (OpenID Connect Core §3.1.2.1, RP-Initiated
/// Logout §2).
struct IDTokenHint: Sendable {
    let client: Client
    let sessionID: String
    let subject: String

    /// `nil` for what no key of ours signed, for tokens of another kind, and for those of clients that are gone.
    init?(_ text: String, issuer: Issuer) {
        guard text.utf8.count <= 16 * 1024, let token = issuer.verified(text), token.type == "jwt",
            // Where others are named in `aud`, too, whose it is stands in `azp`.
            let client = (token.claims["azp"] ?? token.claims["aud"])?.string.flatMap(issuer.settings.client),
            let session = token.claims["sid"]?.string, let subject = token.claims["sub"]?.string
        else { return nil }
        self.client = client
        sessionID = session
        self.subject = subject
    }
}
