import JOSE
import Logging
import OpenIDConnect
import Web

/// Takes an ID token of a connector's upstream for a sign-in (RFC 8693 §2.1, with `connector_id` as Dex has it).
struct UpstreamExchange {
    let issuer: Issuer
    let now: UnixTime

    /// The connector that a request names; `nil` where the client may not exchange tokens of it, or people sign in here.
    func connector(_ request: TokenRequest) -> (any UpstreamConnector)? {
        guard let id = request["connector_id"], let client = request.client,
            client.exchangeConnectors.contains(where: { sameBytes($0, id) }), client.takesUsers(of: id)
        else { return nil }
        return issuer.connector(id)?.asUpstream
    }

    func take(_ request: inout TokenRequest) async -> TokenRefusal? {
        guard let connector = connector(request), let client = request.client, let scope = request.scope else {
            return .init(.invalidRequest, "the client may not exchange tokens of this connector")
        }
        // Each token has the upstream's keys looked at, and perhaps asked for.
        if let wait = issuer.upstreamBound.take(request.web.clientAddress, now: now) { return .tooMany(retryAfter: wait) }
        switch await connector.user(ofIDToken: Secret(utf8: request["subject_token"] ?? "")) {
        case .authenticated(let upstream):
            request.grant = issuer.newGrant(upstream.user, connectorID: connector.id, client: client, scope: scope, now: now)
            return nil
        case .refused(let refusal):
            var told = TokenRefusal(.invalidRequest, "the subject token is not valid here")
            told.detail = "connector \(connector.id): \(refusal.reason)"
            return told
        case .failed(let failed):
            issuer.logger.warning(
                "an upstream cannot be asked", metadata: ["connector": "\(connector.id)", "reason": "\(failed.detail)"])
            return .unavailable(retryAfter: failed.retryAfter ?? 30)
        }
    }
}
