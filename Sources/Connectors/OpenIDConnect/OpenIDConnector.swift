import Accounts
package import JOSE
import OpenIDConnect
package import OpenIDProvider
package import RelyingParty
import Web

/// The users of another OpenID provider.
package struct OpenIDConnector: UpstreamConnector {
    package let id: String
    package let name: String?
    package let redirectURI: String?

    private let party: RelyingParty
    private let claims: UpstreamClaims
    private let offline: OfflineAccess

    /// How this provider is asked for refresh tokens.
    package enum OfflineAccess: Sendable {
        /// By a scope (OpenID Connect Core §11), with a `prompt`, which that asks for; `nil`: none.
        case scope(prompt: String?)
        /// By parameters, with a `prompt`: Google.
        case parameters([(name: String, value: String)], prompt: String?)
    }

    package init(
        id: String, name: String, redirectURI: String?, party: RelyingParty, claims: UpstreamClaims, offline: OfflineAccess
    ) {
        self.id = id
        self.name = name
        self.redirectURI = redirectURI
        self.party = party
        self.claims = claims
        self.offline = offline
    }

    package func authorizationURL(for request: UpstreamRequest) async throws(UpstreamFailed) -> String {
        var asked = AuthorizationRequest(
            redirectURI: request.redirectURI, state: request.state, nonce: request.nonce,
            codeChallenge: PKCE.challenge(of: request.codeVerifier.text))
        var prompts = request.prompts
        if request.isOffline {
            switch offline {
            case .scope(let prompt):
                asked.scopes = party.client.scopes.adding(["offline_access"])
                prompts += prompt.map { [$0] } ?? []
            case .parameters(let parameters, let prompt):
                asked.furtherParameters = parameters
                prompts += prompt.map { [$0] } ?? []
            }
        }
        asked.prompt = prompts.isEmpty ? nil : prompts.joined(separator: " ")
        asked.maxAge = request.maxAge
        asked.acrValues = request.acrValues
        asked.loginHint = request.loginHint
        asked.uiLocales = request.uiLocales
        do throws(UpstreamFailure) { return try await party.authorizationURL(asked) } catch { throw UpstreamFailed(error) }
    }

    package func signIn(_ reply: UpstreamReply, to request: UpstreamRequest) async -> UpstreamOutcome {
        do throws(UpstreamFailure) {
            // An error is another provider's as easily as a code is.
            if let refusal = try await party.refusal(ofResponseIssuer: reply.fields.first("iss")) {
                return .refused(UpstreamRefusal(.reply, refusal.reason))
            }
        } catch { return .failed(UpstreamFailed(error)) }
        let code: Secret
        switch reply.code {
        case .code(let sent): code = sent
        case .refused(let refusal): return .refused(refusal)
        }
        // Wishes that need not be met are not held against the answer.
        let outcome = await party.signIn(
            code: code, redirectURI: request.redirectURI, codeVerifier: request.codeVerifier, nonce: request.nonce,
            issuerParameter: reply.fields.first("iss"), maxAge: request.maxAge,
            acrValues: request.isACREssential ? request.acrValues : [])
        switch outcome {
        case .signedIn(let signedIn): return self.outcome(of: signedIn)
        case .refused(.provider(let refusal)) where !refusal.endsGrant:
            return .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
        case .refused(let refusal): return .refused(UpstreamRefusal(.reply, refusal.reason))
        case .failed(let failure): return .failed(UpstreamFailed(failure))
        }
    }

    private func outcome(of signedIn: SignedIn) -> UpstreamOutcome {
        do throws(UpstreamRefusal) {
            let user = try claims.user(subject: signedIn.identity.subject, claims: signedIn.identity.claims)
            let token = signedIn.idToken
            let kept = signedIn.tokens.refreshToken.map { KeptSignIn(subject: token.subject, refreshToken: $0).secret }
            return .authenticated(
                UpstreamUser(
                    user: user, authentication: Authentication(amr: token.amr, acr: token.acr ?? ""), authTime: token.authTime,
                    kept: kept))
        } catch { return .refused(error) }
    }

    package func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh {
        guard let held = KeptSignIn(secret: kept) else { return .failed(UpstreamFailed(detail: "what was kept is unreadable")) }
        let identity = Identity(issuer: party.client.issuer, subject: held.subject, claims: JSONObject())
        switch await party.refresh(held.refreshToken, identity: identity) {
        case .refreshed(let refreshed):
            let next = KeptSignIn(subject: held.subject, refreshToken: refreshed.tokens.refreshToken ?? held.refreshToken)
            return renewed(user, with: refreshed.identity.claims, kept: next)
        case .refused(.provider(let refusal)):
            return refusal.endsGrant ? .gone : .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
        case .refused(.userinfo(.accessToken)): return .gone
        case .refused(let refusal): return .failed(UpstreamFailed(detail: refusal.reason))
        case .failed(let failure): return .failed(UpstreamFailed(failure))
        }
    }

    private func renewed(_ user: ConnectorUser, with claims: JSONObject, kept: KeptSignIn) -> UpstreamRefresh {
        // Nothing new was told: providers need not send another ID token (OpenID Connect Core §12.2).
        guard !claims.members.isEmpty else { return .current(user, kept: kept.secret) }
        do throws(UpstreamRefusal) {
            let now = try self.claims.user(subject: kept.subject, claims: claims)
            return sameBytes(now.id, user.id) ? .current(now, kept: kept.secret) : .gone
        } catch {
            return error.kind == .reply ? .failed(UpstreamFailed(detail: error.reason)) : .gone
        }
    }
}

/// What is kept of a sign-in: whose it was, and what it is refreshed with.
private struct KeptSignIn {
    /// `sub` at the upstream.
    let subject: String
    let refreshToken: Secret

    init(subject: String, refreshToken: Secret) {
        self.subject = subject
        self.refreshToken = refreshToken
    }

    init?(secret: Secret) {
        guard let members = (try? JSONReader.read(secret.bytes))?.object, let subject = members["sub"]?.string,
            let token = members["refresh_token"]?.string
        else { return nil }
        self.init(subject: subject, refreshToken: Secret(utf8: token))
    }

    var secret: Secret {
        let members: JSONValue = ["sub": .string(subject), "refresh_token": .string(refreshToken.text)]
        return Secret(members.jsonBytes)
    }
}
