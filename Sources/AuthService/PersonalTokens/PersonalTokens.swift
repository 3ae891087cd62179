package import Accounts
package import JOSE
package import Logging
import Web

/// Personal tokens: made on a page, checked from memory, gone from the next request on when they are revoked.
package final class PersonalTokens: Sendable {
    /// What of a token may be chosen, and how many there may be.
    package struct Limits: Sendable {
        /// Seconds until the longest-lived token expires.
        package var maximumLifetime: Int64
        package var perUser: Int

        package init(maximumLifetime: Int64, perUser: Int) {
            self.maximumLifetime = maximumLifetime
            self.perUser = perUser
        }
    }

    package let limits: Limits
    let store: any PersonalTokenStore
    private let lane: SlowLane
    private let clock: WallClock
    private let randomness: Randomness
    private let logger: Logger
    private let admitted = RecentValues<CredentialDigest, AdmittedCredential>(capacity: 50_000, maximumCost: 64 << 20)
    private let unknown = RecentValues<CredentialDigest, UnixTime>(capacity: 10_000)
    private let failures = RateBound(capacity: 10_000, burst: 60, perMinute: 60)

    private let life: Int64

    /// - Parameter life: seconds after which a token is read from the store again, since another process may have revoked it.
    package init(
        store: any PersonalTokenStore, limits: Limits, life: Int64 = 60, lane: SlowLane, clock: WallClock, randomness: Randomness,
        logger: Logger
    ) {
        self.store = store
        self.life = life
        self.limits = limits
        self.lane = lane
        self.clock = clock
        self.randomness = randomness
        self.logger = logger
    }

    static func isOurs(_ token: String) -> Bool { token.hasPrefix(PersonalTokenText.prefix) }

    /// The credential of a token that came before; notes its use.
    func seenBefore(_ digest: CredentialDigest) -> AdmittedCredential? {
        let now = clock.now
        guard let held = admitted.value(digest), held.entry.isLive, now < held.goodUntil else { return nil }
        noteUse(held, digest, now)
        return held
    }

    func lookup(_ token: String, from network: String) -> CredentialLookup {
        guard PersonalTokenText.isWellFormed(token) else {
            return .refused(CredentialRefusal(reason: "personal token: not one of ours by its form"))
        }
        let digest = CredentialDigest(token)
        if let held = seenBefore(digest) { return .decided(.admitted(held)) }
        let now = clock.now
        if let until = unknown.value(digest), now < until { return .refused(Self.noSuchToken) }
        if let seconds = failures.secondsToWait(network, now: now) {
            return .refused(CredentialRefusal(.tooMany(retryAfter: seconds), reason: "too many bad tokens from one network"))
        }
        return .pending { [self] in await load(digest, network) }
    }

    private static let noSuchToken = CredentialRefusal(reason: "personal token: unknown, expired or revoked")

    private func load(_ digest: CredentialDigest, _ network: String) async -> CredentialOutcome {
        let now = clock.now
        do throws(StoreFailure) {
            guard let token = try await store.load(digest), now < token.expiresAt else {
                failures.count(network, now: now)
                unknown.insert(now.adding(30), for: digest)
                return .refused(Self.noSuchToken)
            }
            let credential = AdmittedCredential(
                session: Session(token), goodUntil: min(token.expiresAt, now.adding(life)),
                isReadOnly: token.access == .read,
                isForwarded: false)
            admitted.insert(credential, for: digest, cost: credential.cost)
            noteUse(credential, digest, now)
            return .admitted(credential)
        } catch {
            return .unavailable(detail: error.detail)
        }
    }

    /// At most once a minute, and never in the way of the request.
    private func noteUse(_ credential: AdmittedCredential, _ digest: CredentialDigest, _ now: UnixTime) {
        guard credential.entry.claimUse(at: now, interval: 60) else { return }
        let queued = lane.submit { [store, logger] in
            do throws(StoreFailure) { try await store.touch(digest, usedAt: now) } catch {
                logger.warning("a personal token's use was not noted", metadata: ["reason": "\(error.detail)"])
            }
        }
        if !queued { logger.warning("a personal token's use was not noted", metadata: ["reason": "the slow lane is full"]) }
    }
}

/// A token that has just been made, with the only copy of its text.
package struct NewPersonalToken: Sendable {
    package let token: PersonalToken
    package let text: Secret
}

extension PersonalTokens {
    /// - Parameter lifetime: seconds; no longer than the longest that is allowed.
    /// - Returns: `nil` where the owner has as many as one may have.
    package func create(
        _ name: String, access: PersonalToken.Access, lifetime: Int64, for identity: Identity
    ) async throws(StoreFailure) -> NewPersonalToken? {
        let text = PersonalTokenText.make(randomness)
        let now = clock.now
        let token = PersonalToken(
            key: CredentialDigest(text.text), id: randomness.identifier(9), name: name, access: access, identity: identity,
            createdAt: now, expiresAt: now.adding(min(max(60, lifetime), limits.maximumLifetime)))
        guard try await store.create(token, limit: limits.perUser) else { return nil }
        return NewPersonalToken(token: token, text: text)
    }

    package func list(_ selection: PersonalTokenSelection, limit: Int) async throws(StoreFailure) -> [PersonalToken] {
        try await store.list(selection, limit: limit)
    }

    /// From the next request on; in other processes on the same store when they read it again.
    /// - Returns: whether it was there.
    package func revoke(_ token: PersonalToken) async throws(StoreFailure) -> Bool {
        let wasThere = try await store.delete(token.key)
        // After the store: whoever loads it from now on finds nothing.
        admitted.value(token.key)?.entry.end()
        admitted.remove(token.key)
        return wasThere
    }

    /// Whoever signs in brings the newest word about themselves: their tokens follow within a minute.
    func follow(_ identity: Identity) async throws(StoreFailure) { try await store.renew(identity) }

    /// Deletes what has expired, a batch at a time.
    /// - Returns: how many tokens it deleted.
    package func sweep(limit: Int) async throws(StoreFailure) -> Int {
        try await store.sweep(expiredAt: clock.now, limit: limit)
    }
}

extension Session {
    /// The identity of a personal token.
    fileprivate init(_ token: PersonalToken) {
        self.init(
            key: SessionKey(digest: token.key.bytes), identity: token.identity, scope: "", providerID: "personal-token",
            providerSessionID: nil, authTime: token.createdAt, createdAt: token.createdAt,
            lastUsedAt: token.lastUsedAt ?? UnixTime(seconds: 0), expiresAt: token.expiresAt, idToken: nil, refreshToken: nil)
    }
}
