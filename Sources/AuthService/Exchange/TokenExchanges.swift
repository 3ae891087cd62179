import JOSE
import RelyingParty
import Web

/// What is known of an application's own token.
enum ExchangeResult: Sendable {
    /// `until`: when it is no longer to be handed on.
    case token(Secret, until: UnixTime)
    /// The application gets no request without its token; `reason` is for the audit log.
    case refused(reason: String)
    case unavailable(detail: String)
    /// The session was over when its turn came.
    case sessionEnded
}

/// The tokens that applications are given of their own: each got at the session's provider in exchange for the session's access token
/// (RFC 8693), once for any number of requests that wait for it, and kept until shortly before it ends.
///
/// What is kept is found by the key of the session, and so by nobody when that is over.
final class TokenExchanges: Sendable {
    private struct Key: Sendable, Hashable {
        let session: SessionKey
        let target: SHA256Bytes
    }

    private struct Held: Sendable {
        let result: ExchangeResult
        let until: UnixTime
    }

    private let providers: [SignInProvider]
    private let sessions: Sessions
    private let clock: WallClock
    private let held = RecentValues<Key, Held>(capacity: 50_000, maximumCost: 64 << 20)
    private let gate = InquiryGate<Key, ExchangeResult>(
        turnedAway: .unavailable(detail: "too many token exchanges wait for their provider"))

    /// Seconds that a token counts whose provider does not say how long it does.
    static let defaultLife: Int64 = 60
    /// Seconds after which a token is got anew, however long it would last.
    static let maximumLife: Int64 = 86400
    /// Seconds for which a *no* is not asked about again, and for which a provider that was away is left alone.
    static let refusalLife: Int64 = 30
    static let outageLife: Int64 = 5
    private static let costOfEntry = 256

    init(providers: [SignInProvider], sessions: Sessions, clock: WallClock) {
        self.providers = providers
        self.sessions = sessions
        self.clock = clock
    }

    /// What can be said without asking the provider; `nil`: ask.
    func known(_ demand: TokenDemand, for session: Session) -> ExchangeResult? {
        guard session.accessToken != nil, provider(of: session) != nil else {
            return .refused(reason: "token exchange: there is no access token of a provider's to exchange")
        }
        guard let held = held.value(Key(session: session.key, target: demand.digest)), clock.now < held.until else { return nil }
        return held.result
    }

    /// Asks the provider, unless somebody else is at it or has done it by now.
    func result(_ demand: TokenDemand, for session: Session) async -> ExchangeResult {
        let key = Key(session: session.key, target: demand.digest)
        return await gate.answer(about: key) { [self] in
            if let known = known(demand, for: session) { return known }
            do throws(StoreFailure) {
                guard let current = try await sessions.withNewTokens(session) else { return .sessionEnded }
                return await ask(demand, for: current, key)
            } catch {
                return .unavailable(detail: error.detail)
            }
        }
    }

    private func ask(_ demand: TokenDemand, for session: Session, _ key: Key) async -> ExchangeResult {
        guard let token = session.accessToken, let provider = provider(of: session) else { return .sessionEnded }
        // Before the way there and back: the token's life may have begun with it.
        let asked = clock.now
        switch await provider.client.exchange(accessToken: token, for: demand.target) {
        case .issued(let issued):
            let end = asked.adding(Self.life(issued.expiresIn))
            return keep(.token(issued.token, until: end), until: end, key, cost: issued.token.bytes.count)
        case .refused(let refusal):
            let result = ExchangeResult.refused(reason: "token exchange: \(refusal.reason)")
            return keep(result, until: clock.now.adding(Self.refusalLife), key)
        case .failed(let failure):
            let result = ExchangeResult.unavailable(detail: "provider \(provider.id): token exchange: \(failure.detail)")
            return keep(result, until: clock.now.adding(Self.outageLife), key)
        }
    }

    private func keep(_ result: ExchangeResult, until end: UnixTime, _ key: Key, cost: Int = 0) -> ExchangeResult {
        held.insert(Held(result: result, until: end), for: key, cost: Self.costOfEntry + cost)
        return result
    }

    /// How long a token is handed on: a fifth of its life is left then, half a minute at the most.
    static func life(_ expiresIn: Int64?) -> Int64 {
        let life = min(expiresIn ?? defaultLife, maximumLife)
        return max(1, life - min(life / 5, 30))
    }

    private func provider(of session: Session) -> SignInProvider? {
        providers.first { sameBytes($0.id, session.providerID) }
    }
}
