import Accounts
import JOSE

/// Slows down whoever tries passwords. Nobody is locked out: each wrong password takes one of a few free tries, which come back one
/// by one, and a browser or a network from which somebody has signed in has free tries of its own, whatever strangers do.
///
/// Remembers what it does for this process alone, and no more of it than some ten megabytes.
final class PasswordAttempts: Sendable {
    /// For a browser in which the account has signed in before.
    private let byDevice = RateBound(capacity: 20_000, burst: 10, perMinute: 6)
    /// For an account in a network, known or not.
    private let byAccountAndNetwork = RateBound(capacity: 40_000, burst: 20, perMinute: 6)
    /// For an account, by everybody from where it has not signed in.
    private let byAccount = RateBound(capacity: 40_000, burst: 30, perMinute: 3)
    /// For a network, over all accounts that have not signed in from there.
    private let byNetwork = RateBound(capacity: 20_000, burst: 60, perMinute: 30)
    /// Accounts with the networks from which they have signed in.
    private let known = RecentNames(capacity: 100_000)

    enum Beginning {
        case counted(Counted)
        /// Seconds.
        case wait(Int64)
    }

    /// A try that is counted as a wrong one until something else is known.
    struct Counted {
        fileprivate let attempt: PasswordAttempt
        fileprivate let bounds: [(bound: RateBound, key: String)]
    }

    /// Counts a try before the password is looked at, so that many at the same instant are not more than many in a row.
    func begin(_ attempt: PasswordAttempt, now: UnixTime) -> Beginning {
        let bounds = bounds(attempt)
        for (index, (bound, key)) in bounds.enumerated() {
            guard let seconds = bound.take(key, now: now) else { continue }
            for (before, key) in bounds[..<index] { before.giveBack(key) }
            return .wait(seconds)
        }
        return .counted(Counted(attempt: attempt, bounds: bounds))
    }

    /// The password was right.
    func succeeded(_ try: Counted) {
        takeBack(`try`)
        known.insert(Self.pair(`try`.attempt))
        byAccountAndNetwork.clear(Self.pair(`try`.attempt))
        if let device = `try`.attempt.device { byDevice.clear(device) }
    }

    /// The password was not looked at.
    func takeBack(_ try: Counted) {
        for (bound, key) in `try`.bounds { bound.giveBack(key) }
    }

    private func bounds(_ attempt: PasswordAttempt) -> [(bound: RateBound, key: String)] {
        if let device = attempt.device { return [(byDevice, device)] }
        let own = (byAccountAndNetwork, Self.pair(attempt))
        return known.contains(own.1) ? [own] : [own, (byNetwork, attempt.network), (byAccount, attempt.account)]
    }

    private static func pair(_ attempt: PasswordAttempt) -> String { "\(attempt.account)@\(attempt.network)" }
}
