import Accounts
import JOSE
import OpenIDConnect
import Web

/// `/revoke` (RFC 7009): ends a token, and with it everything of its sign-in: the family of refresh tokens and all access tokens.
struct RevocationEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var call = RevocationRequest(web, now: issuer.clock.now)
        do throws(ProviderStoreFailure) {
            if let refusal = try await issuer.firstRefusal(RevocationChecks.all, &call) {
                return try await issuer.refuse(refusal, call)
            }
            if let token = call.token { try await revoke(token, call) }
            return WebResponse(status: 200, headers: ["cache-control": "no-store"])
        } catch {
            return issuer.unavailable(error.detail, call)
        }
    }

    private func revoke(_ token: KnownToken, _ call: RevocationRequest) async throws(ProviderStoreFailure) {
        let hasEnded: Bool
        switch token {
        case .access(let token, nil):
            hasEnded = try await issuer.transients.takeOnce(.revoked(token), until: token.expiresAt)
        case .access(_, let grant?), .refresh(let grant, _): hasEnded = try await issuer.store.endGrant(id: grant.id)
        }
        guard hasEnded else { return }
        issuer.record(
            .revocation, "by its client", identity: token.grant.map(issuer.identity), client: call.client?.id, request: call.web)
    }
}
