import JOSE
import Synchronization

/// Which connectors' users have passkeys, so that login pages offer them where there are some. Login pages cost the store nothing: it is
/// asked now and then.
final class PasskeyPresence: Sendable {
    /// Seconds for which it is taken that there are none: another replica may have the first one made.
    private static let interval: Int64 = 10

    private struct State {
        var present: Set<String> = []
        var askedAt: [String: UnixTime] = [:]
    }

    private enum Knowledge {
        case present
        /// As of a moment ago.
        case absent
        /// To be asked for, by whoever is told so.
        case unknown
    }

    private let state = Mutex(State())

    /// Whether the login page of a connector offers passkeys. While the store cannot be asked it does not.
    func isKnown(of connectorID: String, _ issuer: Issuer) async -> Bool {
        switch knowledge(of: connectorID, at: issuer.clock.now) {
        case .present: return true
        case .absent: return false
        case .unknown:
            guard (try? await issuer.secondFactors.hasSecondFactor(.passkey, ofConnector: connectorID)) == true else {
                return false
            }
            note(connectorID)
            return true
        }
    }

    private func knowledge(of connectorID: String, at now: UnixTime) -> Knowledge {
        state.withLock { state in
            if state.present.contains(connectorID) { return .present }
            if let asked = state.askedAt[connectorID], (0..<Self.interval).contains(now.since(asked)) { return .absent }
            state.askedAt[connectorID] = now
            return .unknown
        }
    }

    func note(_ connectorID: String) { state.withLock { _ = $0.present.insert(connectorID) } }
}
