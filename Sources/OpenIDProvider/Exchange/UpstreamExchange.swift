import JOSE
import Logging
import OpenIDConnect
import Web

/// Takes an ID token or an access token of a connector's upstream for a sign-in (RFC 8693 §2.1, with `connector_id` as Dex has it).
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

    func take(_ request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        guard let connector = connector(request), let client = request.client, let scope = request.scope else {
            return .init(.invalidRequest, "the client may not exchange tokens of this connector")
        }
        // Each token has the upstream asked, or its keys looked at.
        if let wait = issuer.upstreamBound.take(request.web.clientAddress, now: now) { return .tooMany(retryAfter: wait) }
        switch await outcome(request, connector, scope) {
        case .authenticated(let upstream):
            let isEnough = try await SecondFactors(issuer: issuer).lets(
                upstream.user, of: connector.id, signInAt: client, by: upstream.authentication)
            // Nobody can be asked for it here.
            guard isEnough else { return .grant("the user has to sign in with a second factor, on the sign-in page") }
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

    private func outcome(
        _ request: TokenRequest, _ connector: any UpstreamConnector, _ scope: Scope
    ) async -> UpstreamOutcome {
        let token = Secret(utf8: request["subject_token"] ?? "")
        return switch TokenType(request["subject_token_type"]) {
        case .idToken: await connector.user(ofIDToken: token)
        case .accessToken:
            await connector.user(ofAccessToken: token, wantsGroups: scope.contains("groups"))
        case .jwt, nil: .refused(UpstreamRefusal(.reply, "not a type of tokens that is exchanged"))
        }
    }
}
