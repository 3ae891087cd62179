import JOSE
import Synchronization
import Web

/// How many tries one network, and everybody together, have within a minute: for what could be guessed. Bounded in size.
final class AttemptBound: Sendable {
    private struct State {
        var minute: Int64 = 0
        var counts: [UInt128: Int] = [:]
        var total = 0
    }

    private let state = Mutex(State())
    private let perNetwork: Int
    private let inAll: Int

    init(perNetwork: Int, inAll: Int) {
        self.perNetwork = perNetwork
        self.inAll = inAll
    }

    /// Counts a try.
    /// - Returns: seconds to wait; `nil`: go on.
    func take(_ address: String, now: UnixTime) -> Int64? {
        let network = Self.network(of: address)
        return state.withLock { state in
            let minute = now.seconds / 60
            if minute != state.minute { state = State(minute: minute) }
            let count = state.counts[network] ?? 0
            guard count < perNetwork, state.total < inAll else { return max(1, 60 - now.seconds % 60) }
            // At most as many keys as there are tries in all.
            state.counts[network] = count + 1
            state.total += 1
            return nil
        }
    }

    /// An IPv4 address, or the /64 of an IPv6 address; whoever's address is not known shares one.
    private static func network(of address: String) -> UInt128 {
        IPAddress(address).map { $0.isV4 ? $0.bits : ($0.bits >> 64) << 64 } ?? 0
    }
}
