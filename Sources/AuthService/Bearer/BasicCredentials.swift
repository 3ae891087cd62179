package import Accounts
package import JOSE

/// What whoever knows passwords says to a name and a password.
package enum PasswordAnswer: Sendable {
    case person(Identity)
    /// Unknown name, wrong password, disabled: one answer.
    case wrong
    /// Too much to do at the moment; nothing was checked.
    case busy
    case failed(detail: String)
}

/// User names and passwords in `Authorization: Basic` (RFC 7617), for clients that know nothing better.
///
/// Hashing is dear, so whoever fails has to wait: by user and network together, so that nobody locks out somebody else from where they
/// are; by network; and by user from everywhere, later. What was right is remembered for a few minutes.
package final class BasicCredentials: Sendable {
    private let check: @Sendable (_ user: String, _ password: Secret) async -> PasswordAnswer
    private let clock: WallClock
    private let generation: @Sendable () -> Int64
    /// Of this process alone: nobody who reads its memory's keys can try passwords elsewhere.
    private let digestKey: Secret
    private let admitted = RecentValues<CredentialDigest, AdmittedCredential>(capacity: 10_000, maximumCost: 16 << 20)
    private let gate = CredentialGate()
    private let byUserAndNetwork = RateBound(capacity: 20_000, burst: 5, perMinute: 6)
    private let byNetwork = RateBound(capacity: 10_000, burst: 30, perMinute: 30)
    private let byUser = RateBound(capacity: 10_000, burst: 100, perMinute: 30)

    /// Seconds after which a password is checked anew.
    static let life: Int64 = 300
    private static let maximumBytes = 1024

    /// - Parameters:
    ///   - generation: another number when whoever knows passwords has changed: what was right before is checked anew.
    ///   - check: off the event loops; unknown names cost the same work as known ones.
    package init(
        clock: WallClock, randomness: Randomness, generation: @escaping @Sendable () -> Int64 = { 0 },
        check: @escaping @Sendable (_ user: String, _ password: Secret) async -> PasswordAnswer
    ) {
        self.clock = clock
        self.generation = generation
        self.check = check
        digestKey = Secret(randomness.bytes(32))
    }

    /// - Parameter encoded: what stands behind the scheme.
    func lookup(_ encoded: String, from network: String) -> CredentialLookup {
        guard let (user, password) = Self.read(encoded) else {
            return .refused(CredentialRefusal(.invalidPassword, reason: "basic: no name and password (RFC 7617 §2)"))
        }
        let named = Array("\(generation()) \(user)".utf8) + [0] + password.bytes
        let digest = CredentialDigest(hmacSHA256(named, key: digestKey))
        let now = clock.now
        if let held = admitted.value(digest), now < held.goodUntil { return .decided(.admitted(held)) }
        let keys = Keys(user: user, network: network)
        if let seconds = secondsToWait(keys, now) {
            return .refused(CredentialRefusal(.tooMany(retryAfter: seconds), reason: "basic: too many wrong passwords"))
        }
        return .pending { [self] in
            await gate.answer(about: digest) { await self.outcome(user, password, digest, keys) }
        }
    }

    private struct Keys: Sendable {
        let user: String
        let network: String

        /// Letters' case makes no second user of one.
        init(user: String, network: String) {
            self.user = String(user.lowercased().prefix(255))
            self.network = network
        }

        var both: String { network + " " + user }
    }

    private func secondsToWait(_ keys: Keys, _ now: UnixTime) -> Int64? {
        [
            byUserAndNetwork.secondsToWait(keys.both, now: now), byNetwork.secondsToWait(keys.network, now: now),
            byUser.secondsToWait(keys.user, now: now),
        ].compactMap { $0 }.max()
    }

    private func outcome(
        _ user: String, _ password: Secret, _ digest: CredentialDigest, _ keys: Keys
    ) async -> CredentialOutcome {
        switch await check(user, password) {
        case .person(let identity): return admit(identity, digest)
        case .busy: return .unavailable(detail: "too many passwords wait to be checked")
        case .failed(let detail): return .unavailable(detail: detail)
        case .wrong:
            let now = clock.now
            byUserAndNetwork.count(keys.both, now: now)
            byNetwork.count(keys.network, now: now)
            byUser.count(keys.user, now: now)
            return .refused(CredentialRefusal(.invalidPassword, reason: "basic: wrong name or password"))
        }
    }

    private func admit(_ identity: Identity, _ digest: CredentialDigest) -> CredentialOutcome {
        let now = clock.now
        let session = Session(
            key: SessionKey(digest: digest.bytes), identity: identity, scope: "", providerID: "basic", providerSessionID: nil,
            authTime: now, createdAt: now, lastUsedAt: now, expiresAt: now.adding(Self.life), idToken: nil, refreshToken: nil)
        let credential = AdmittedCredential(session: session, goodUntil: now.adding(Self.life), isForwarded: false)
        admitted.insert(credential, for: digest, cost: credential.cost)
        return .admitted(credential)
    }

    private static func read(_ encoded: String) -> (user: String, password: Secret)? {
        let letters = encoded.utf8.prefix { $0 != UInt8(ascii: "=") }.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        guard letters.count <= maximumBytes * 2, let bytes = Base64URL.decode(String(decoding: letters, as: UTF8.self)),
            bytes.count <= maximumBytes, let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            let user = String(validating: bytes[..<colon], as: UTF8.self), bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }),
            colon + 1 < bytes.count
        else { return nil }
        return (user, Secret(Array(bytes[(colon + 1)...])))
    }
}
