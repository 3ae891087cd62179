package import Accounts
package import JOSE
import OpenIDConnect
import Web

/// One OpenID Connect client at one provider: sends browsers there, and turns what they bring back into an identity.
package struct RelyingParty: Sendable {
    package let client: ProviderClient
    package let directory: ProviderDirectory
    let exchange: any ProviderExchange
    let clock: WallClock
    let randomness: Randomness
    /// Where the client's tokens are bound to a key.
    let proofs: DPoPProofs?

    package init(
        client: ProviderClient, exchange: any ProviderExchange, clock: WallClock, randomness: Randomness = .system
    ) {
        self.client = client
        self.exchange = exchange
        self.clock = clock
        self.randomness = randomness
        directory = ProviderDirectory(
            issuer: client.issuer, addresses: client.addresses, exchange: exchange, clock: clock)
        proofs = client.dpopKey.map { DPoPProofs(key: $0, clock: clock, randomness: randomness) }
    }

    /// Where to send the browser, if nothing has to be asked or signed first: for the check, which must not wait. `nil`: use
    /// `authorizationURL(_:)`.
    package func cachedAuthorizationURL(_ request: AuthorizationRequest) -> String? {
        guard let metadata = directory.cachedMetadata, !preparesRequests(metadata) else { return nil }
        return QueryString(request.parameters(client: client, metadata: metadata)).appending(to: metadata.authorizationEndpoint)
    }

    /// Where to send the browser.
    package func authorizationURL(_ request: AuthorizationRequest) async throws(UpstreamFailure) -> String {
        try await preparedURL(request, metadata: try await directory.metadata())
    }

    /// Ends a sign-in with the code that the browser brought back.
    /// - Parameters:
    ///   - redirectURI: as in the authorization request.
    ///   - codeVerifier: whose challenge was in the authorization request.
    ///   - issuerParameter: the `iss` beside the code (RFC 9207), if any.
    ///   - maxAge: as in the authorization request; `nil`: as the client always asks.
    ///   - acrValues: as in the authorization request; empty: as the client always asks. One of them has to be the answer.
    package func signIn(
        code: Secret, redirectURI: String, codeVerifier: Secret, nonce: String, issuerParameter: String?, maxAge: Int64? = nil,
        acrValues: [String] = []
    ) async -> SignInOutcome {
        do throws(UpstreamFailure) {
            if let refusal = try await refusal(ofResponseIssuer: issuerParameter) { return .refused(refusal) }
            let grant = TokenRequest.Grant.authorizationCode(code, redirectURI: redirectURI, codeVerifier: codeVerifier)
            switch try await tokens(for: grant) {
            case .refused(let refusal): return .refused(.provider(refusal))
            case .granted(let tokens):
                var expected = try await expectation(nonce: .equal(nonce), accessToken: tokens.accessToken)
                expected.code = code
                expected.maxAge = maxAge ?? client.authorization.maxAge
                expected.acrValues = acrValues.isEmpty ? client.authorization.acrValues : acrValues
                return try await admission(of: tokens, expected: expected)
            }
        } catch { return .failed(error) }
    }

    /// Whether a reply to the redirect URI, be it a code or an error, is another provider's (RFC 9207 §2.4). `nil`: it is not.
    package func refusal(ofResponseIssuer issuer: String?) async throws(UpstreamFailure) -> SignInRefusal? {
        if let issuer { return sameBytes(issuer, client.issuer) ? nil : .responseIssuer }
        if client.requiresResponseIssuer { return .responseIssuer }
        return try await directory.metadata().sendsIssuerInResponse ? .responseIssuer : nil
    }

    /// Gets new tokens for a refresh token (OpenID Connect Core §12).
    /// - Parameters:
    ///   - identity: of the sign-in; a new ID token must be about the same person.
    ///   - nonce: of the sign-in, where it is still known.
    package func refresh(_ refreshToken: Secret, identity: Identity, nonce: String? = nil) async -> RefreshOutcome {
        let tokens: TokenResponse
        do throws(UpstreamFailure) {
            switch try await self.tokens(for: .refreshToken(refreshToken)) {
            case .refused(let refusal): return .refused(.provider(refusal))
            case .granted(let granted): tokens = granted
            }
        } catch { return .failed(error) }
        do throws(UpstreamFailure) {
            let nonceRule = nonce.map { IDTokenExpectation.Nonce.equalIfPresent($0) } ?? .any
            var expected = try await expectation(nonce: nonceRule, accessToken: tokens.accessToken)
            expected.subject = identity.subject
            return try await renewal(of: identity, with: tokens, expected: expected)
        } catch { return .failed(error, rotated: tokens.refreshToken) }
    }

    /// Where to send the browser to sign out at the provider too (RP-Initiated Logout §2); `nil` where it has no such endpoint or
    /// cannot be asked.
    package func endSessionURL(
        idTokenHint: Secret?, postLogoutRedirectURI: String?, state: String?
    ) async -> String? {
        guard let endpoint = try? await directory.metadata().endSessionEndpoint else { return nil }
        var query = QueryString([("client_id", client.clientID)])
        query.add("id_token_hint", idTokenHint?.text)
        query.add("post_logout_redirect_uri", postLogoutRedirectURI)
        query.add("state", state)
        return query.appending(to: endpoint)
    }
}

extension RelyingParty {
    func tokens(for grant: TokenRequest.Grant) async throws(UpstreamFailure) -> TokenRequest.Outcome {
        try await TokenRequest(grant: grant).send(as: self)
    }
}
