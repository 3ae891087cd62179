package import JOSE
import OpenIDConnect
package import OpenIDProvider
package import RelyingParty
import Web

/// How one kind of upstream's API says who somebody is.
package protocol UpstreamProfile: Sendable {
    /// What is asked for, beside the client's own scopes.
    func scopes(for request: UpstreamRequest) -> [String]

    /// Further parameters of the authorization request.
    func parameters(for request: UpstreamRequest) -> [(name: String, value: String)]

    /// Whose access token it is.
    /// - Parameter wantsGroups: whether the client of the sign-in is told groups.
    func user(_ token: APIToken, wantsGroups: Bool) async -> ProfileOutcome

    /// For whom an access token was issued that somebody shows (RFC 8693 §2.1).
    /// - Parameter client: ours.
    func holder(of token: APIToken, client: OAuthClient) async throws(APITrouble) -> TokenHolder

    /// What else than its holder is wrong with a token that somebody shows; `nil`: nothing.
    func objection(to token: APIToken) -> UpstreamRefusal?
}

/// To which client of an upstream's a token was given.
package enum TokenHolder: Sendable, Equatable {
    case ours
    case another
    /// The upstream does not tell.
    case untold
}

extension UpstreamProfile {
    package func scopes(for request: UpstreamRequest) -> [String] { [] }
    package func parameters(for request: UpstreamRequest) -> [(name: String, value: String)] { [] }
    package func holder(of token: APIToken, client: OAuthClient) async throws(APITrouble) -> TokenHolder { .untold }
    package func objection(to token: APIToken) -> UpstreamRefusal? { nil }
}

/// What an API says.
package enum ProfileOutcome: Sendable {
    case user(ConnectorUser)
    case tokenRefused
    case refused(UpstreamRefusal)
    case failed(UpstreamFailed)
}

/// An access token, and the way to the API that it is for.
package struct APIToken: Sendable {
    let exchange: any ProviderExchange
    let token: Secret
    let clock: WallClock

    var api: UpstreamAPI { UpstreamAPI(exchange: exchange, accessToken: token, clock: clock) }

    /// What `body` finds, as an outcome.
    func ask(_ body: (UpstreamAPI) async throws(APITrouble) -> ConnectorUser) async -> ProfileOutcome {
        do throws(APITrouble) { return .user(try await body(api)) } catch {
            switch error {
            case .tokenRefused: return .tokenRefused
            case .refused(let refusal): return .refused(refusal)
            case .failed(let failed): return .failed(failed)
            case .hidden(let status):
                return .refused(UpstreamRefusal(.notAdmitted, "the API does not show the person (\(status))"))
            }
        }
    }
}

/// The users of an upstream that speaks OAuth 2.0 and has an API that says who they are.
package struct OAuthConnector: UpstreamConnector {
    package let id: String
    package let name: String?
    package let redirectURI: String?

    private let client: OAuthClient
    private let scopes: [String]
    private let profile: any UpstreamProfile
    /// Whether access tokens are exchanged whoever holds them.
    private let takesTokensOfAnyClient: Bool
    private let exchange: any ProviderExchange
    private let clock: WallClock

    /// - Parameters:
    ///   - exchange: by which the API is asked.
    ///   - takesTokensOfAnyClient: whether the operator lets each of the upstream's clients sign its users in here.
    package init(
        id: String, name: String, redirectURI: String?, client: OAuthClient, scopes: [String], profile: any UpstreamProfile,
        exchange: any ProviderExchange, clock: WallClock, takesTokensOfAnyClient: Bool = false
    ) {
        self.id = id
        self.name = name
        self.redirectURI = redirectURI
        self.client = client
        self.scopes = scopes
        self.profile = profile
        self.exchange = exchange
        self.clock = clock
        self.takesTokensOfAnyClient = takesTokensOfAnyClient
    }

    package func authorizationURL(for request: UpstreamRequest) async throws(UpstreamFailed) -> String {
        var asked = AuthorizationRequest(
            redirectURI: request.redirectURI, state: request.state, nonce: request.nonce,
            codeChallenge: PKCE.challenge(of: request.codeVerifier.text))
        asked.scopes = Scope(scopes).adding(profile.scopes(for: request))
        asked.furtherParameters = profile.parameters(for: request)
        asked.prompt = request.prompts.first
        asked.loginHint = request.loginHint
        return client.authorizationURL(asked)
    }

    package func signIn(_ reply: UpstreamReply, to request: UpstreamRequest) async -> UpstreamOutcome {
        let code: Secret
        switch reply.code {
        case .code(let sent): code = sent
        case .refused(let refusal): return .refused(refusal)
        }
        // Nothing here says when and how people have signed in: what has to be so cannot be promised.
        guard request.maxAge == nil || request.asksForLogin, !request.isACREssential else {
            return .refused(UpstreamRefusal(.notAdmitted, "the upstream does not say when and how people have signed in"))
        }
        do throws(UpstreamFailure) {
            let outcome = try await client.tokens(
                code: code, redirectURI: request.redirectURI, codeVerifier: request.codeVerifier)
            switch outcome {
            case .granted(let tokens):
                return await signedIn(KeptTokens(tokens, wantsGroups: request.wantsGroups, before: nil, now: clock.now))
            case .refused(let refusal) where Self.isAboutCode(refusal):
                return .refused(UpstreamRefusal(.reply, "the token endpoint says \(refusal.code)"))
            case .refused(let refusal): return .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
            }
        } catch { return .failed(UpstreamFailed(error)) }
    }

    private func signedIn(_ tokens: KeptTokens) async -> UpstreamOutcome {
        switch await user(tokens) {
        case .user(let user): .authenticated(UpstreamUser(user: user, kept: tokens.secret))
        case .tokenRefused: .refused(UpstreamRefusal(.reply, "the API does not accept the new access token"))
        case .refused(let refusal): .refused(refusal)
        case .failed(let failed): .failed(failed)
        }
    }

    package func user(ofAccessToken token: Secret, wantsGroups: Bool) async -> UpstreamOutcome {
        let shown = APIToken(exchange: exchange, token: token, clock: clock)
        if let objection = profile.objection(to: shown) { return .refused(objection) }
        if !takesTokensOfAnyClient, let outcome = await self.outcome(ofHolderOf: shown) { return outcome }
        return switch await profile.user(shown, wantsGroups: wantsGroups) {
        case .user(let user): .authenticated(UpstreamUser(user: user))
        case .tokenRefused: .refused(UpstreamRefusal(.reply, "the API does not accept the access token"))
        case .refused(let refusal): .refused(refusal)
        case .failed(let failed): .failed(failed)
        }
    }

    /// `nil`: the token is ours.
    private func outcome(ofHolderOf token: APIToken) async -> UpstreamOutcome? {
        do throws(APITrouble) {
            return switch try await profile.holder(of: token, client: client) {
            case .ours: nil
            case .another: .refused(UpstreamRefusal(.reply, "client: the access token was issued to another client"))
            case .untold:
                .refused(UpstreamRefusal(.reply, "client: the upstream does not say to whom the access token was issued"))
            }
        } catch {
            switch error {
            case .tokenRefused: return .refused(UpstreamRefusal(.reply, "the API does not accept the access token"))
            case .refused(let refusal): return .refused(refusal)
            case .failed(let failed): return .failed(failed)
            case .hidden(let status):
                return .refused(UpstreamRefusal(.reply, "client: the upstream does not know the token as ours (\(status))"))
            }
        }
    }

    private func user(_ tokens: KeptTokens) async -> ProfileOutcome {
        await profile.user(
            APIToken(exchange: exchange, token: tokens.accessToken, clock: clock), wantsGroups: tokens.wantsGroups)
    }

    package func refresh(_ user: ConnectorUser, kept: Secret) async -> UpstreamRefresh {
        guard let held = KeptTokens(secret: kept) else { return .failed(UpstreamFailed(detail: "what was kept is unreadable")) }
        guard held.isExpired(at: clock.now), let refreshToken = held.refreshToken else {
            let outcome = await self.user(held)
            if case .tokenRefused = outcome, let refreshToken = held.refreshToken {
                return await renew(user, held, refreshToken)
            }
            return self.outcome(outcome, user, held)
        }
        return await renew(user, held, refreshToken)
    }

    private func renew(_ user: ConnectorUser, _ held: KeptTokens, _ refreshToken: Secret) async -> UpstreamRefresh {
        do throws(UpstreamFailure) {
            switch try await client.tokens(refreshToken: refreshToken) {
            case .granted(let tokens):
                let next = KeptTokens(tokens, wantsGroups: held.wantsGroups, before: refreshToken, now: clock.now)
                let outcome = outcome(await self.user(next), user, next)
                // The token that was used may be spent: its successor must not get lost with the answer of the API.
                if case .failed(let failed, _) = outcome { return .failed(failed, kept: next.secret) }
                return outcome
            case .refused(let refusal):
                return Self.isAboutCode(refusal)
                    ? .gone : .failed(UpstreamFailed(detail: "the token endpoint says \(refusal.code)"))
            }
        } catch { return .failed(UpstreamFailed(error)) }
    }

    private func outcome(_ outcome: ProfileOutcome, _ user: ConnectorUser, _ tokens: KeptTokens) -> UpstreamRefresh {
        switch outcome {
        case .user(let now): sameBytes(now.id, user.id) ? .current(now, kept: tokens.secret) : .gone
        case .tokenRefused, .refused: .gone
        case .failed(let failed): .failed(failed)
        }
    }

    /// Whether the code or refresh token itself is used up: as RFC 6749 §5.2 says it, or GitHub.
    private static func isAboutCode(_ refusal: ProviderRefusal) -> Bool {
        refusal.endsGrant || ["bad_verification_code", "bad_refresh_token"].contains(refusal.code)
    }
}
