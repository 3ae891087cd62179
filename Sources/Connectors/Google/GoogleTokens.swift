package import JOSE
import OpenIDConnect
import OpenIDProvider
package import RelyingParty

/// Access tokens of a service account in the name of administrators, one each, kept until they end.
package actor GoogleTokens {
    private struct Held {
        let token: Secret
        let expiresAt: UnixTime
    }

    private let account: GoogleServiceAccount
    private let exchange: any ProviderExchange
    private let clock: WallClock
    /// By the administrator's address: as many as the configuration names.
    private var held: [String: Held] = [:]

    /// Where the reply does not say when a token ends, in seconds.
    private static let usualLife: Int64 = 3600
    /// So much earlier another one is asked for.
    private static let margin: Int64 = 60

    package init(account: GoogleServiceAccount, exchange: any ProviderExchange, clock: WallClock) {
        self.account = account
        self.exchange = exchange
        self.clock = clock
    }

    func token(as admin: String) async throws(APITrouble) -> Secret {
        if let kept = held[admin], clock.now.adding(Self.margin) < kept.expiresAt { return kept.token }
        let asked = clock.now
        let tokens = try await tokens(for: try account.assertion(as: admin, now: asked))
        held[admin] = Held(token: tokens.accessToken, expiresAt: asked.adding(tokens.expiresIn ?? Self.usualLife))
        return tokens.accessToken
    }

    /// The API has refused it.
    func forget(_ token: Secret, of admin: String) {
        if let kept = held[admin], kept.token.matches(token) { held[admin] = nil }
    }

    private func tokens(for assertion: Secret) async throws(APITrouble) -> TokenResponse {
        let outcome: OAuthClient.TokenOutcome
        do throws(UpstreamFailure) {
            outcome = try await AssertionGrant(tokenURL: account.tokenURL, exchange: exchange).tokens(for: assertion)
        } catch { throw .failed(UpstreamFailed(error)) }
        switch outcome {
        case .granted(let tokens): return tokens
        // The key was deleted, or the domain has not delegated the scope to it: the operator's to mend.
        case .refused(let refusal): throw .notUnderstood("the service account gets no token: \(refusal.code)")
        }
    }
}
