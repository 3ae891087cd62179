package import JOSE
import OpenIDConnect

/// When a session's tokens are due for new ones, and how that goes.
package struct RefreshState: Sendable, Equatable {
    /// From then on new tokens are asked for; `nil` where there is no refresh token, or nobody said when the tokens end.
    package var dueAt: UnixTime?
    /// Until then one replica is at it, or waits before it tries again.
    package var claimedUntil: UnixTime?
    /// Since when the provider could not be asked.
    package var failingSince: UnixTime?

    package init(dueAt: UnixTime? = nil, claimedUntil: UnixTime? = nil, failingSince: UnixTime? = nil) {
        self.dueAt = dueAt
        self.claimedUntil = claimedUntil
        self.failingSince = failingSince
    }

    /// Of tokens that came at `now`: due when a fifth of their life is left, five minutes at the most.
    init(of tokens: TokenResponse, idTokenExpiry: UnixTime?, refreshToken: Secret?, now: UnixTime) {
        self.init()
        guard refreshToken != nil, let life = tokens.expiresIn ?? idTokenExpiry?.since(now) else { return }
        dueAt = now.adding(max(life - min(life / 5, Self.furthestAhead), Self.shortestInterval))
    }

    /// Whether a refresh is wanted and nobody is at it.
    func isDue(at now: UnixTime) -> Bool {
        guard let dueAt, now >= dueAt else { return false }
        return claimedUntil.map { $0 <= now } ?? true
    }

    /// Whether new tokens are due, be somebody at it or not.
    func isNearEnd(at now: UnixTime) -> Bool { dueAt.map { $0 <= now } ?? false }

    /// Whether the tokens are near their end, and somebody may soon have brought new ones.
    func isAwaited(at now: UnixTime) -> Bool { isNearEnd(at: now) && failingSince == nil }

    private static let furthestAhead: Int64 = 300
    /// However short-lived a provider's tokens are, it is not asked more often.
    private static let shortestInterval: Int64 = 5
}
