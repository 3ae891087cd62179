import JOSE
import Synchronization
import Web

/// How many tries one network, and everybody together, have within any minute: for what could be guessed, or fills the store.
/// Remembers no more than `inAll` tries.
final class AttemptBound: Sendable {
    private struct Try {
        let at: UnixTime
        let network: UInt128
    }

    private struct State {
        /// Those of the last minute, oldest first.
        var tries: [Try] = []
        var counts: [UInt128: Int] = [:]
    }

    private static let window: Int64 = 60

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
            Self.forget(&state, now: now)
            let count = state.counts[network] ?? 0
            guard count < perNetwork, state.tries.count < inAll else {
                let oldest = count < perNetwork ? state.tries.first : state.tries.first { $0.network == network }
                return oldest.map { max(1, Self.window - now.since($0.at)) } ?? Self.window
            }
            state.counts[network] = count + 1
            state.tries.append(Try(at: now, network: network))
            return nil
        }
    }

    /// A clock that was set back forgets as well: nobody waits for a moment far ahead.
    private static func forget(_ state: inout State, now: UnixTime) {
        let over = state.tries.prefix { !(0..<window).contains(now.since($0.at)) }
        for past in over {
            let count = state.counts[past.network] ?? 0
            state.counts[past.network] = count > 1 ? count - 1 : nil
        }
        state.tries.removeFirst(over.count)
    }

    /// An IPv4 address, or the /64 of an IPv6 address; whoever's address is not known shares one.
    private static func network(of address: String) -> UInt128 {
        IPAddress(address).map { $0.isV4 ? $0.bits : ($0.bits >> 64) << 64 } ?? 0
    }
}
