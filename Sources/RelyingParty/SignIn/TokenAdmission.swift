import Accounts
package import JOSE
import OpenIDConnect

/// What a relying party makes of the tokens that a grant brought: nothing of them is used before the ID token has passed.
extension RelyingParty {
    func expectation(
        nonce: IDTokenExpectation.Nonce, accessToken: Secret
    ) async throws(UpstreamFailure) -> IDTokenExpectation {
        let offered = try await directory.metadata().idTokenSigningAlgorithms
        var expected = IDTokenExpectation(
            issuer: client.issuer, clientID: client.clientID,
            algorithms: client.algorithms.filter { offered.contains($0.rawValue) }, clockSkew: client.clockSkew, nonce: nonce)
        expected.accessToken = accessToken
        return expected
    }

    /// The person of a sign-in's tokens.
    func admission(of tokens: TokenResponse, expected: IDTokenExpectation) async throws(UpstreamFailure) -> SignInOutcome {
        guard let compact = tokens.idToken else { return .refused(.idToken(.missing)) }
        switch try await outcome(ofIDToken: compact, expected: expected) {
        case .refused(let refusal): return .refused(.idToken(refusal))
        case .valid(let claims):
            switch try await userinfo(of: claims.subject, accessToken: tokens.accessToken) {
            case .refused(let refusal): return .refused(.userinfo(refusal))
            case .claims(let more):
                let identity = try await mapped(claims.identity.adding(more), accessToken: tokens.accessToken)
                return .signedIn(SignedIn(idToken: claims, identity: identity, tokens: tokens))
            }
        }
    }

    /// The person of an ID token that somebody else has got for this client, and shows us (RFC 8693 §2.1). No userinfo endpoint is asked:
    /// there is no access token.
    package func person(ofIDToken token: Secret) async -> ShownTokenOutcome {
        do throws(UpstreamFailure) {
            var expected = try await expectation(nonce: .any, accessToken: Secret(utf8: ""))
            expected.isAlone = true
            switch try await outcome(ofIDToken: token, expected: expected) {
            case .refused(let refusal): return .refused(refusal)
            case .valid(let claims): return .person(claims)
            }
        } catch { return .failed(error) }
    }

    /// The person of a refresh's tokens: a new ID token replaces what was known of them, and so do the userinfo endpoint's claims.
    func renewal(
        of identity: Identity, with tokens: TokenResponse, expected: IDTokenExpectation
    ) async throws(UpstreamFailure) -> RefreshOutcome {
        var idToken: IDTokenClaims?
        if let compact = tokens.idToken {
            switch try await outcome(ofIDToken: compact, expected: expected) {
            case .refused(let refusal): return .refused(.idToken(refusal), rotated: tokens.refreshToken)
            case .valid(let claims): idToken = claims
            }
        }
        switch try await userinfo(of: identity.subject, accessToken: tokens.accessToken) {
        case .refused(let refusal): return .refused(.userinfo(refusal), rotated: tokens.refreshToken)
        case .claims(let more):
            // What is known already has been mapped; only what is new is.
            let base = idToken?.identity ?? Identity(issuer: identity.issuer, subject: identity.subject, claims: JSONObject())
            let new = try await mapped(base.adding(more), accessToken: tokens.accessToken)
            let renewed = idToken == nil ? identity.replacing(new.claims) : new
            return .refreshed(Refreshed(tokens: tokens, idToken: idToken, identity: renewed))
        }
    }

    /// The person as the client's configuration wants them told.
    func mapped(_ identity: Identity, accessToken: Secret) async throws(UpstreamFailure) -> Identity {
        var identity = identity
        if let overage = client.groupOverage, overage.isNeeded(by: identity) {
            let groups = try await overage.groups(accessToken: accessToken, over: exchange)
            identity = identity.replacing(JSONObject([("groups", .strings(groups))]))
        }
        return client.claims.apply(to: identity)
    }

    private func outcome(
        ofIDToken compact: Secret, expected: IDTokenExpectation
    ) async throws(UpstreamFailure) -> IDTokenOutcome {
        let token: JSONWebSignature
        do throws(JSONWebSignature.Refusal) { token = try JSONWebSignature(compact: compact.text) } catch {
            return .refused(.form(error))
        }
        var facts = IDTokenFacts(token: token, expected: expected, now: clock.now, key: nil)
        if let algorithm = facts.algorithm { facts.key = try await directory.key(id: token.keyID, algorithm: algorithm) }
        return IDTokenValidation.outcome(of: facts)
    }

    /// No claims where the client does not use the endpoint, or the provider has none.
    private func userinfo(of subject: String, accessToken: Secret) async throws(UpstreamFailure) -> Userinfo.Outcome {
        let metadata = try await directory.metadata()
        guard client.usesUserinfo, let endpoint = metadata.userinfoEndpoint else { return .claims(JSONObject()) }
        return try await Userinfo.fetch(
            from: client.endpoint(endpoint, alias: "userinfo_endpoint", metadata: metadata), accessToken: accessToken,
            subject: subject, over: exchange, proofs: proofs)
    }
}

extension IDTokenRefusal {
    fileprivate static let missing = IDTokenRefusal(
        check: "id_token", section: "OIDC Core §3.1.3.3", reason: "the token response has none")

    fileprivate static func form(_ refusal: JSONWebSignature.Refusal) -> IDTokenRefusal {
        IDTokenRefusal(check: "form", section: "RFC 7515 §5.2", reason: refusal.rawValue)
    }
}
