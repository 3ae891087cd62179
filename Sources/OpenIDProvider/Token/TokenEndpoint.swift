import Accounts
import JOSE
import Logging
import OpenIDConnect
import Web

/// `/token` (RFC 6749 §3.2): authorization codes and refresh tokens for tokens.
struct TokenEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        var request = TokenRequest(web, now: issuer.clock.now)
        do {
            if let refusal = try await check(&request) { return try await refuse(refusal, request) }
            return try await issue(request)
        } catch let failure as ProviderStoreFailure {
            return unavailable(failure.detail, request)
        } catch {
            return unavailable("cannot sign: \(error)", request)
        }
    }

    private func check(_ request: inout TokenRequest) async throws(ProviderStoreFailure) -> TokenRefusal? {
        if let refusal = try await firstRefusal(TokenChecks.everyRequest, &request) { return refusal }
        switch request.grantType {
        case .authorizationCode: return try await firstRefusal(TokenChecks.authorizationCode, &request)
        case .refreshToken: return try await firstRefusal(TokenChecks.refreshToken, &request)
        case nil: return TokenRefusal(.unsupportedGrantType, "grant_type is unknown")
        }
    }

    private func firstRefusal(
        _ checks: [TokenCheck], _ request: inout TokenRequest
    ) async throws(ProviderStoreFailure) -> TokenRefusal? {
        for check in checks {
            guard let refusal = try await check.refusal(&request, issuer) else { continue }
            let reason = "token request: \(check.name) (\(check.section))"
            issuer.record(.tokenRefused, reason, client: request.client?.id, request: request.web)
            return refusal
        }
        return nil
    }

    private func refuse(_ refusal: TokenRefusal, _ request: TokenRequest) async throws(ProviderStoreFailure) -> WebResponse {
        if let id = refusal.endedGrantID, try await issuer.store.endGrant(id: id) {
            issuer.record(
                .revocation, "everything of the sign-in has ended: \(refusal.error.description)",
                identity: request.grant.map(issuer.identity), client: request.client?.id, request: request.web)
        }
        return refusal.response
    }

    private func issue(_ request: TokenRequest) async throws -> WebResponse {
        guard let client = request.client, var grant = request.grant, let scope = request.scope,
            let key = issuer.keyring.key(issuer.settings.signingAlgorithm(of: client))
        else { return unavailable("no key signs for the client", request) }
        var refreshToken = request.refreshToken
        if request.grantType == .authorizationCode {
            guard let begun = try await begin(grant, client, now: request.now) else {
                return try await refuse(.grant("the sign-in has ended"), request)
            }
            (grant, refreshToken) = begun
        }
        let accessToken = try AccessToken.sign(grant, scope: scope, client: client, issuer: issuer, now: request.now, with: key)
        var reply = TokenResponse(
            accessToken: accessToken, expiresIn: issuer.settings.lifetimes(of: client).accessToken,
            refreshToken: refreshToken?.text, scope: scope.text)
        if scope.contains(ClaimScope.openID) {
            let idToken = IDToken(
                issuer: issuer, client: client, grant: grant, scope: scope, nonce: request.code?.nonce, now: request.now)
            reply.idToken = try idToken.signed(with: key, accessToken: accessToken)
        }
        issuer.record(
            .tokenIssued, request.grantType?.rawValue, identity: issuer.identity(of: grant), client: client.id,
            request: request.web)
        return JSONResponse.uncached(reply.json)
    }

    /// Makes a grant whose code was exchanged last as long as its tokens. `nil` where it has ended meanwhile.
    private func begin(
        _ grant: GrantRecord, _ client: Client, now: UnixTime
    ) async throws(ProviderStoreFailure) -> (GrantRecord, RefreshToken?)? {
        let first =
            grant.scope.contains(ClaimScope.offlineAccess) ? RefreshToken.first(randomness: issuer.randomness, now: now) : nil
        var begun = grant
        begun.refresh = first?.family
        begun.version = grant.version.addingReportingOverflow(1).partialValue
        begun.expiresAt = GrantExpiry.of(
            first?.family, createdAt: grant.createdAt, lifetimes: issuer.settings.lifetimes(of: client), now: now)
        return try await issuer.store.replace(begun) ? (begun, first?.token) : nil
    }

    private func unavailable(_ detail: String, _ request: TokenRequest) -> WebResponse {
        issuer.logger.error(
            "a token request failed on our side",
            metadata: ["detail": .string(detail), "request_id": .string(request.web.id)])
        return TokenRefusal.unavailable().response
    }
}
