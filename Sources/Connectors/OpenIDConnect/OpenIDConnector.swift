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
    private let directory: GoogleGroups?
    private let audienceSource: TokenAudienceSource

    /// How this provider is asked for refresh tokens.
    package enum OfflineAccess: Sendable {
        /// By a scope (OpenID Connect Core §11), with a `prompt`, which that asks for; `nil`: none.
        case scope(prompt: String?)
        /// By parameters, with a `prompt`: Google.
        case parameters([(name: String, value: String)], prompt: String?)
    }

    /// - Parameters:
    ///   - directory: where groups are asked for that the provider does not tell.
    ///   - audienceSource: how it is found out for whom access tokens were issued that clients show.
    package init(
        id: String, name: String, redirectURI: String?, party: RelyingParty, claims: UpstreamClaims, offline: OfflineAccess,
        directory: GoogleGroups? = nil, audienceSource: TokenAudienceSource = .provider
    ) {
        self.id = id
        self.name = name
        self.redirectURI = redirectURI
        self.party = party
        self.claims = claims
        self.offline = offline
        self.directory = directory
        self.audienceSource = audienceSource
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
        case .signedIn(let signedIn): return await self.outcome(of: signedIn)
        case .refused(.provider(let refusal)) where !refusal.endsGrant:
            return .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
        case .refused(let refusal): return .refused(UpstreamRefusal(.reply, refusal.reason))
        case .failed(let failure): return .failed(UpstreamFailed(failure))
        }
    }

    package func user(ofIDToken token: Secret) async -> UpstreamOutcome {
        let shown: IDTokenClaims
        switch await party.person(ofIDToken: token) {
        case .person(let claims): shown = claims
        case .refused(let refusal): return .refused(UpstreamRefusal(.reply, "\(refusal.check): \(refusal.reason)"))
        case .failed(let failure): return .failed(UpstreamFailed(failure))
        }
        return await outcome(
            of: shown.identity, Authentication(amr: shown.amr, acr: shown.acr ?? ""), authTime: shown.authTime)
    }

    package func user(ofAccessToken token: Secret, wantsGroups: Bool) async -> UpstreamOutcome {
        switch await party.person(ofAccessToken: token, audience: audienceSource) {
        case .person(let identity): await outcome(of: identity)
        case .refused(let refusal): .refused(UpstreamRefusal(.reply, "\(refusal.check): \(refusal.reason)"))
        case .failed(let failure): .failed(UpstreamFailed(failure))
        }
    }

    private func outcome(
        of identity: Identity, _ authentication: Authentication = .elsewhere, authTime: UnixTime? = nil
    ) async -> UpstreamOutcome {
        let user: ConnectorUser
        do throws(UpstreamRefusal) {
            user = try claims.user(subject: identity.subject, claims: identity.claims)
        } catch { return .refused(error) }
        switch await groups(of: user) {
        case .told(let groups):
            return .authenticated(UpstreamUser(user: user.with(groups), authentication: authentication, authTime: authTime))
        case .refused(let refusal): return .refused(refusal)
        case .failed(let failed): return .failed(failed)
        }
    }

    private func outcome(of signedIn: SignedIn) async -> UpstreamOutcome {
        let user: ConnectorUser
        do throws(UpstreamRefusal) {
            user = try claims.user(subject: signedIn.identity.subject, claims: signedIn.identity.claims)
        } catch { return .refused(error) }
        let token = signedIn.idToken
        // Without a refresh token the directory can still be asked.
        let isAskable = signedIn.tokens.refreshToken != nil || directory != nil
        let kept = isAskable ? KeptSignIn(subject: token.subject, refreshToken: signedIn.tokens.refreshToken).secret : nil
        switch await groups(of: user) {
        case .told(let groups):
            return .authenticated(
                UpstreamUser(
                    user: user.with(groups), authentication: Authentication(amr: token.amr, acr: token.acr ?? ""),
                    authTime: token.authTime, kept: kept))
        case .refused(let refusal): return .refused(refusal)
        case .failed(let failed): return .failed(failed)
        }
    }

    /// Its metadata and its keys, as they are now; not whether it knows our client.
    package func probe() async -> ConnectorProbe {
        do throws(UpstreamFailure) {
            try await party.directory.fetchAnew()
            return .reached
        } catch { return .failed(detail: error.detail) }
    }

    package func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh {
        guard let held = KeptSignIn(secret: kept) else { return .failed(UpstreamFailed(detail: "what was kept is unreadable")) }
        // The directory comes first: a refresh token that is used in vain is lost where the provider gives another each time.
        let known = await groups(of: user)
        if case .failed(let failed) = known { return .failed(failed) }
        guard let refreshToken = held.refreshToken else { return current(user, known, held) }
        let identity = Identity(issuer: party.client.issuer, subject: held.subject, claims: JSONObject())
        switch await party.refresh(refreshToken, identity: identity) {
        case .refreshed(let refreshed):
            let next = KeptSignIn(subject: held.subject, refreshToken: refreshed.tokens.refreshToken ?? refreshToken)
            return await renewed(user, known, with: refreshed.identity.claims, kept: next)
        case .refused(.provider(let refusal), _):
            return refusal.endsGrant ? .gone : .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
        case .refused(.userinfo(.accessToken), _): return .gone
        case .refused(let refusal, let rotated):
            return .failed(UpstreamFailed(detail: refusal.reason), kept: held.with(rotated)?.secret)
        case .failed(let failure, let rotated): return .failed(UpstreamFailed(failure), kept: held.with(rotated)?.secret)
        }
    }

    private func renewed(
        _ user: ConnectorUser, _ known: DirectoryAnswer, with claims: JSONObject, kept: KeptSignIn
    ) async -> UpstreamRefresh {
        // Nothing new was told: providers need not send another ID token (OpenID Connect Core §12.2).
        guard !claims.members.isEmpty else { return current(user, known, kept) }
        let now: ConnectorUser
        do throws(UpstreamRefusal) { now = try self.claims.user(subject: kept.subject, claims: claims) } catch {
            return error.kind == .reply ? .failed(UpstreamFailed(detail: error.reason), kept: kept.secret) : .gone
        }
        guard sameBytes(now.id, user.id) else { return .gone }
        let isSame = now.claims["email"] == user.claims["email"]
        return current(now, isSame ? known : await groups(of: now), kept)
    }

    private func current(_ user: ConnectorUser, _ known: DirectoryAnswer, _ kept: KeptSignIn) -> UpstreamRefresh {
        switch known {
        case .told(let groups): .current(user.with(groups), kept: kept.secret)
        case .refused: .gone
        case .failed(let failed): .failed(failed, kept: kept.secret)
        }
    }

    private enum DirectoryAnswer {
        /// `nil` where there is no directory: then groups are those of the claims.
        case told([String]?)
        case refused(UpstreamRefusal)
        case failed(UpstreamFailed)
    }

    private func groups(of user: ConnectorUser) async -> DirectoryAnswer {
        guard let directory else { return .told(nil) }
        guard let email = user.claims["email"]?.string else {
            return .refused(UpstreamRefusal(.email, "there is no e-mail address to ask the directory about"))
        }
        do throws(APITrouble) { return .told(try await directory.names(of: email)) } catch {
            switch error {
            case .refused(let refusal): return .refused(refusal)
            case .failed(let failed): return .failed(failed)
            case .tokenRefused: return .failed(UpstreamFailed(detail: "the directory does not take the service account's token"))
            case .hidden(let status):
                return .failed(UpstreamFailed(detail: "the directory does not answer the administrator (\(status))"))
            }
        }
    }
}

extension ConnectorUser {
    fileprivate func with(_ groups: [String]?) -> ConnectorUser {
        guard let groups else { return self }
        var told = claims
        told["groups"] = .strings(groups)
        return ConnectorUser(id: id, claims: told)
    }
}

/// What is kept of a sign-in: whose it was, and what it is refreshed with.
private struct KeptSignIn {
    /// `sub` at the upstream.
    let subject: String
    /// `nil` where only the directory is asked again.
    let refreshToken: Secret?

    init(subject: String, refreshToken: Secret?) {
        self.subject = subject
        self.refreshToken = refreshToken
    }

    init?(secret: Secret) {
        guard let members = (try? JSONReader.read(secret.bytes))?.object, let subject = members["sub"]?.string else { return nil }
        self.init(subject: subject, refreshToken: members["refresh_token"]?.string.map { Secret(utf8: $0) })
    }

    /// The same with another refresh token; `nil` without one.
    func with(_ refreshToken: Secret?) -> KeptSignIn? {
        refreshToken.map { KeptSignIn(subject: subject, refreshToken: $0) }
    }

    var secret: Secret {
        var members = JSONObject([("sub", .string(subject))])
        members["refresh_token"] = refreshToken.map { .string($0.text) }
        return Secret(JSONValue.object(members).jsonBytes)
    }
}
