import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/logout` (OpenID Connect RP-Initiated Logout §2). Only an ID token of ours says whose session to end: a link or an image on
/// another page ends none.
struct EndSessionEndpoint {
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let fields =
            sameBytes(request.method, "POST") ? FormBody.fields(request) : FormFields(query: request.query)
        guard let fields, fields.repeatedName == nil else { return issuer.pages(for: request).badRequest() }
        let parameter = { (name: String) in fields.first(name).flatMap { $0.isEmpty ? nil : $0 } }
        guard let text = parameter("id_token_hint") else { return issuer.pages(for: request).nothingToSignOutOf() }
        guard let hint = IDTokenHint(text, issuer: issuer),
            parameter("client_id").map({ sameBytes($0, hint.client.id) }) ?? true
        else { return refuse("The ID token in id_token_hint is not one of this provider for this client", request) }
        let target = parameter("post_logout_redirect_uri")
        if let target, !hint.client.postLogoutRedirectURIs.contains(where: { sameBytes($0, target) }) {
            return refuse("The post-logout redirect URI is not registered for the client", request, client: hint.client)
        }
        return await end(hint, target: target, state: parameter("state"), request)
    }

    private func end(_ hint: IDTokenHint, target: String?, state: String?, _ request: WebRequest) async -> WebResponse {
        do {
            if try await issuer.store.endGrants(sessionID: hint.sessionID) > 0 {
                issuer.record(.signOut, identity: hint.identity, client: hint.client.id, request: request)
            }
        } catch {
            let reference = Reference(randomness: issuer.randomness)
            issuer.logger.error(
                "a sign-out failed on our side",
                metadata: ["detail": .string(error.detail), "reference": .string(reference.text)])
            return issuer.pages(for: request).unavailable(retryAfter: 5, reference: reference)
        }
        guard let target else { return issuer.pages(for: request).signedOut() }
        var query = QueryString()
        query.add("state", state)
        return Redirection.seeOther(query.appending(to: target))
    }

    private func refuse(_ reason: String, _ request: WebRequest, client: Client? = nil) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.refusal, "sign-out: \(reason)", reference: reference, client: client?.id, request: request)
        return issuer.pages(for: request).refusal(reason, reference: reference)
    }
}

/// An ID token that we issued to a client, as it comes back. It may have expired (RP-Initiated Logout §2).
private struct IDTokenHint {
    let client: Client
    let sessionID: String
    let identity: Identity

    init?(_ text: String, issuer: Issuer) {
        guard let token = issuer.verified(text), token.type == "jwt",
            let client = token.claims["aud"]?.string.flatMap(issuer.settings.client),
            let session = token.claims["sid"]?.string, let subject = token.claims["sub"]?.string
        else { return nil }
        self.client = client
        sessionID = session
        identity = Identity(issuer: issuer.settings.issuer, subject: subject, claims: JSONObject())
    }
}
