import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/token` (RFC 6749 §3.2): whatever a client may show, for tokens.
struct TokenEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var request = TokenRequest(web, now: issuer.clock.now)
        do {
            if let refusal = try await check(&request) { return try await issuer.refuse(refusal, request) }
            return try await issue(request)
        } catch let failure as ProviderStoreFailure {
            return issuer.unavailable(failure.detail, request)
        } catch {
            return issuer.unavailable("cannot sign: \(error)", request)
        }
    }

    private func check(_ request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        if let refusal = try await issuer.firstRefusal(TokenChecks.everyRequest, &request) { return refusal }
        guard let grantType = request.grantType else { return TokenRefusal(.unsupportedGrantType, "grant_type is unknown") }
        return try await issuer.firstRefusal(TokenChecks.of(grantType, request), &request)
    }

    private func issue(_ request: TokenRequest) async throws -> WebResponse {
        var request = request
        var refreshToken = request.refreshToken
        if let grant = request.grant, let client = request.client, begins(request) {
            guard let begun = try await begin(grant, client, request) else {
                return try await issuer.refuse(.grant("the sign-in has ended"), request)
            }
            (request.grant, refreshToken) = (begun.grant, begun.token)
        }
        guard let issuing = TokenIssuing(request, issuer: issuer) else {
            return issuer.unavailable("no key signs for the client", request)
        }
        let reply = try issuing.reply(refreshToken: refreshToken)
        issuer.record(
            .tokenIssued, request.grantType?.rawValue, identity: request.grant.map(issuer.identity),
            client: request.client?.id, request: request.web)
        return JSONResponse.uncached(reply)
    }

    /// Whether these are the first tokens of a grant.
    private func begins(_ request: TokenRequest) -> Bool {
        switch request.grantType {
        case .authorizationCode, .deviceCode, .password, .jwtBearer: true
        // That of a token of ours has begun already.
        case .tokenExchange: request.subject == nil
        case .refreshToken, .clientCredentials, nil: false
        }
    }

    /// Whether a grant gets refresh tokens. Those without `offline_access` end with the session: there has to be one.
    private func isRefreshed(_ grant: GrantRecord, _ client: Client, _ request: TokenRequest) -> Bool {
        guard client.grantTypes.contains(.refreshToken) else { return false }
        let isOfSession = request.grantType == .authorizationCode || request.grantType == .deviceCode
        return grant.scope.contains(ClaimScope.offlineAccess) || client.refreshesOnline && isOfSession
    }

    /// Makes a grant last as long as its tokens. `nil` where it has ended meanwhile.
    private func begin(
        _ grant: GrantRecord, _ client: Client, _ request: TokenRequest
    ) async throws(ProviderStoreFailure) -> (grant: GrantRecord, token: RefreshToken?)? {
        let now = request.now
        let first = isRefreshed(grant, client, request) ? RefreshToken.first(randomness: issuer.randomness, now: now) : nil
        var begun = grant
        begun.refresh = first?.family
        begun.version = grant.version.addingReportingOverflow(1).partialValue
        begun.expiresAt = GrantExpiry.of(
            first?.family, createdAt: grant.createdAt, lifetimes: issuer.settings.lifetimes(of: client), now: now)
        return try await issuer.store.replace(begun) ? (begun, first?.token) : nil
    }
}
