import JOSE

/// What replicas count together of `PasswordAttempts`. Each of them counts by itself first: a store that does not answer makes nothing
/// free that was not free at one of them, and nobody waits for it.
struct SharedTries: Sendable {
    let store: any TryStore
    /// Where it stands who has signed in from where.
    let names: any TransientStore
    /// Passwords and codes are counted apart.
    let purpose: String

    /// Seconds: 30 days.
    private static let memory: Int64 = 30 * 86400

    func bounded(_ kind: String, _ key: String, _ tries: (burst: Int64, perMinute: Int64)) -> BoundedTry {
        BoundedTry(name(kind, key), burst: tries.burst, perMinute: tries.perMinute)
    }

    func name(_ kind: String, _ key: String) -> SecretDigest { .name("tries", purpose, kind, key) }

    /// Seconds to wait; `nil`: go on.
    func take(_ tries: [BoundedTry], now: UnixTime) async -> Int64? { try? await store.take(tries, now: now) }

    func giveBack(_ tries: [BoundedTry], forgetting: [SecretDigest] = [], now: UnixTime) async {
        guard !tries.isEmpty || !forgetting.isEmpty else { return }
        // What cannot be given back comes back by itself.
        try? await store.giveBack(tries, forgetting: forgetting, now: now)
    }

    /// Whether an account has signed in from a network, at whichever replica.
    func isKnown(_ pair: String) async -> Bool { (try? await names.isTaken(name("known", pair))) ?? false }

    func note(_ pair: String, now: UnixTime) async {
        _ = try? await names.takeOnce(name("known", pair), until: now.adding(Self.memory))
    }
}
