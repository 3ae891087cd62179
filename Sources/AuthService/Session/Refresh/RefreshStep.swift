import Accounts
import JOSE
import OpenIDConnect
import RelyingParty
import Web

/// What becomes of a session when its provider was asked for new tokens.
enum RefreshStep: Sendable {
    /// With this change: new tokens and claims, or since when the provider has been away.
    case goesOn(@Sendable (inout Session) -> Void)
    /// The provider has taken its word back or was away for too long, or the person is no longer admitted.
    case ends(reason: String)
}

extension RefreshSettings {
    /// Asks the provider. `nil` for a session without refresh token, or of a provider that is no longer configured.
    func step(of session: Session, clock: WallClock) async -> RefreshStep? {
        guard let token = session.refreshToken,
            let provider = providers.first(where: { sameBytes($0.id, session.providerID) })
        else { return nil }
        switch await provider.client.refresh(token, identity: session.identity) {
        case .refreshed(let refreshed): return renewal(of: session, refreshed, clock.now)
        case .refused(let refusal, _) where refusal.endsSession: return .ends(reason: refusal.reason)
        case .refused(let refusal, let rotated): return failed(session, refusal.reason, rotated, clock.now)
        case .failed(let failure, let rotated):
            return failed(session, "provider \(provider.id): \(failure.detail)", rotated, clock.now)
        }
    }

    private func renewal(of session: Session, _ refreshed: Refreshed, _ now: UnixTime) -> RefreshStep {
        if let objection = objection(refreshed.identity, session.providerID) { return .ends(reason: objection) }
        let refreshToken = refreshed.tokens.refreshToken ?? session.refreshToken
        let state = RefreshState(
            of: refreshed.tokens, idTokenExpiry: refreshed.idToken?.expiresAt, refreshToken: refreshToken, now: now)
        return .goesOn { session in
            session.identity = refreshed.identity
            session.idToken = refreshed.tokens.idToken ?? session.idToken
            session.accessToken = refreshed.tokens.accessToken
            session.refreshToken = refreshToken
            // Without it, what was granted before still is (RFC 6749 §5.1).
            if let scope = refreshed.tokens.scope { session.grantedScopes = Scope(parsing: scope)?.values ?? [] }
            session.refresh = state
        }
    }

    /// The provider could not be asked, or did not mean the person: the session goes on, for as long as the grace lasts.
    /// - Parameter rotated: what to ask with the next time, in place of the refresh token that was used.
    private func failed(_ session: Session, _ reason: String, _ rotated: Secret?, _ now: UnixTime) -> RefreshStep {
        let since = session.refresh.failingSince ?? now
        guard now.since(since) < grace else { return .ends(reason: "\(reason), for \(now.since(since)) seconds") }
        record(.refreshFailed, session, reason: reason)
        let next = now.adding(retryInterval)
        return .goesOn { session in
            session.refreshToken = rotated ?? session.refreshToken
            session.refresh.failingSince = since
            session.refresh.claimedUntil = next
        }
    }
}

extension SignInRefusal {
    /// Whether the provider has taken its word back, or vouches for somebody else now (OpenID Connect Core §12.2).
    fileprivate var endsSession: Bool {
        switch self {
        case .provider(let refusal): refusal.endsGrant
        case .idToken: true
        case .userinfo(let refusal): refusal == .subject
        case .responseIssuer: false
        }
    }
}
