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

    private let state = Mutex(State())

    /// Whether the login page of a connector offers passkeys. While the store cannot be asked it does not.
    func isKnown(of connectorID: String, _ issuer: Issuer) async -> Bool {
        let now = issuer.clock.now
        let mayAsk = state.withLock { state -> Bool? in
            if state.present.contains(connectorID) { return nil }
            if let asked = state.askedAt[connectorID], (0..<Self.interval).contains(now.since(asked)) { return false }
            state.askedAt[connectorID] = now
            return true
        }
        guard let mayAsk else { return true }
        guard mayAsk, (try? await issuer.secondFactors.hasSecondFactor(.passkey, ofConnector: connectorID)) == true else {
            return false
        }
        note(connectorID)
        return true
    }

    func note(_ connectorID: String) { state.withLock { _ = $0.present.insert(connectorID) } }
}
