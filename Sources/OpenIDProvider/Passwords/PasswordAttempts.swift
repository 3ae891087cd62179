import Accounts
import JOSE
import Synchronization

/// Slows down whoever tries passwords, or codes of second factors. Nobody is locked out: each wrong password takes one of a few free tries, which come back one
/// by one, and a browser or a network from which somebody has signed in has free tries of its own, whatever strangers do.
///
/// Remembers what it does for this process, and no more of it than some ten megabytes. Replicas count together as well, where their
/// storage can: whoever is welcome here may still have to wait for what was tried at another.
final class PasswordAttempts: Sendable {
    /// How many tries are free at once, and how many of them come back in a minute.
    struct Tries {
        let device: (burst: Int64, perMinute: Int64)
        let accountAndNetwork: (burst: Int64, perMinute: Int64)
        let account: (burst: Int64, perMinute: Int64)

        /// Over all accounts.
        static let network: (burst: Int64, perMinute: Int64) = (60, 30)

        static let passwords = Tries(device: (10, 6), accountAndNetwork: (20, 6), account: (30, 3))
        /// Of a million codes three are right.
        static let codes = Tries(device: (5, 1), accountAndNetwork: (5, 1), account: (10, 1))
    }

    /// For a browser in which the account has signed in before.
    private let byDevice: RateBound
    /// For an account in a network, known or not.
    private let byAccountAndNetwork: RateBound
    /// For an account, by everybody from where it has not signed in.
    private let byAccount: RateBound
    /// For a network, over all accounts that have not signed in from there.
    private let byNetwork = RateBound(capacity: 20_000, burst: Tries.network.burst, perMinute: Tries.network.perMinute)
    /// Accounts with the networks from which they have signed in.
    private let known = RecentNames(capacity: 100_000)

    /// The tries whose outcome is not known yet, by whom they are about and their password: any number of the same is one guess.
    private let pending = Mutex<[String: Int]>([:])
    private let pendingKey: Secret
    private let tries: Tries
    /// `nil`: nobody else counts.
    private let shared: SharedTries?

    init(_ tries: Tries, shared: SharedTries? = nil, randomness: Randomness) {
        self.tries = tries
        self.shared = shared
        byDevice = RateBound(capacity: 20_000, burst: tries.device.burst, perMinute: tries.device.perMinute)
        byAccountAndNetwork = RateBound(
            capacity: 40_000, burst: tries.accountAndNetwork.burst, perMinute: tries.accountAndNetwork.perMinute)
        byAccount = RateBound(capacity: 40_000, burst: tries.account.burst, perMinute: tries.account.perMinute)
        pendingKey = Secret(randomness.bytes(32))
    }

    enum Beginning {
        case counted(Counted)
        /// Seconds.
        case wait(Int64)
    }

    /// A try that is counted as a wrong one until something else is known.
    struct Counted {
        fileprivate let attempt: PasswordAttempt
        fileprivate let bounds: [(bound: RateBound, key: String)]
        fileprivate let guess: String
        /// What is counted with the other replicas.
        fileprivate var shared: [BoundedTry] = []
    }

    /// Counts a try before the password is looked at, so that many at the same instant are not more than many in a row. Whatever
    /// comes of it has to be said.
    func begin(_ attempt: PasswordAttempt, password: Secret, now: UnixTime) async -> Beginning {
        if let shared, isStrange(attempt), await shared.isKnown(Self.pair(attempt)) { known.insert(Self.pair(attempt)) }
        let beginning = beginHere(attempt, password: password, now: now)
        // Without bounds it is the same guess once more, which is counted already.
        guard case .counted(var counted) = beginning, !counted.bounds.isEmpty else { return beginning }
        if let shared {
            counted.shared = bounds(attempt, shared)
            if let seconds = await shared.take(counted.shared, now: now) {
                giveBack(counted)
                return .wait(seconds)
            }
        }
        // Not before: what joins it is looked at without being counted.
        enter(counted.guess)
        return .counted(counted)
    }

    /// A guess that is counted here, but is not yet among those that others may join; or one that has joined another.
    private func beginHere(_ attempt: PasswordAttempt, password: Secret, now: UnixTime) -> Beginning {
        let named = Array("\(attempt.device ?? Self.pair(attempt)) ".utf8)
        let guess = Base64URL.encode(hmacSHA256(named + password.bytes, key: pendingKey))
        if join(guess) { return .counted(Counted(attempt: attempt, bounds: [], guess: guess)) }
        if isStrange(attempt), let seconds = byNetwork.secondsToWait(attempt.network, now: now) { return .wait(seconds) }
        let bounds = bounds(attempt)
        for (index, (bound, key)) in bounds.enumerated() {
            guard let seconds = bound.take(key, now: now) else { continue }
            for (before, key) in bounds[..<index] { before.giveBack(key) }
            return .wait(seconds)
        }
        return .counted(Counted(attempt: attempt, bounds: bounds, guess: guess))
    }

    /// The password was wrong.
    func failed(_ try: Counted, now: UnixTime) {
        leave(`try`.guess)
        if isStrange(`try`.attempt) { byNetwork.count(`try`.attempt.network, now: now) }
    }

    /// The password was right.
    func succeeded(_ try: Counted, now: UnixTime) async {
        takeBackHere(`try`)
        let (pair, device) = (Self.pair(`try`.attempt), `try`.attempt.device)
        let isNew = !known.contains(pair)
        known.insert(pair)
        byAccountAndNetwork.clear(pair)
        if let device { byDevice.clear(device) }
        guard let shared else { return }
        let names = [shared.name("pair", pair)] + (device.map { [shared.name("device", $0)] } ?? [])
        await shared.giveBack(`try`.shared, forgetting: names, now: now)
        if isNew { await shared.note(pair, now: now) }
    }

    /// The password was not looked at.
    func takeBack(_ try: Counted, now: UnixTime) async {
        takeBackHere(`try`)
        await shared?.giveBack(`try`.shared, now: now)
    }

    private func takeBackHere(_ try: Counted) {
        leave(`try`.guess)
        giveBack(`try`)
    }

    private func giveBack(_ try: Counted) {
        for (bound, key) in `try`.bounds { bound.giveBack(key) }
    }

    private func enter(_ guess: String) { pending.withLock { $0[guess, default: 0] += 1 } }

    private func bounds(_ attempt: PasswordAttempt) -> [(bound: RateBound, key: String)] {
        if let device = attempt.device { return [(byDevice, device)] }
        let own = (byAccountAndNetwork, Self.pair(attempt))
        return isStrange(attempt) ? [own, (byAccount, attempt.account)] : [own]
    }

    /// The same with the other replicas, and for the network.
    private func bounds(_ attempt: PasswordAttempt, _ shared: SharedTries) -> [BoundedTry] {
        if let device = attempt.device { return [shared.bounded("device", device, tries.device)] }
        let own = shared.bounded("pair", Self.pair(attempt), tries.accountAndNetwork)
        guard isStrange(attempt) else { return [own] }
        return [
            own, shared.bounded("account", attempt.account, tries.account),
            shared.bounded("network", attempt.network, Tries.network),
        ]
    }

    /// Whether the account has signed in neither in this browser nor from this network.
    private func isStrange(_ attempt: PasswordAttempt) -> Bool {
        attempt.device == nil && !known.contains(Self.pair(attempt))
    }

    private func join(_ guess: String) -> Bool {
        pending.withLock { pending in
            guard let count = pending[guess] else { return false }
            pending[guess] = count + 1
            return true
        }
    }

    private func leave(_ guess: String) {
        pending.withLock { pending in
            guard let count = pending[guess] else { return }
            pending[guess] = count > 1 ? count - 1 : nil
        }
    }

    private static func pair(_ attempt: PasswordAttempt) -> String { "\(attempt.account)@\(attempt.network)" }
}
