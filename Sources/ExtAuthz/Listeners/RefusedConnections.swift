import Logging
import NIOCore
import Synchronization

/// Says in the log that a listener has as many connections as it may have: once in ten seconds.
final class RefusedConnections: Sendable {
    private struct State {
        var count = 0
        var saidAt: NIODeadline?
    }

    private static let interval = TimeAmount.seconds(10)
    private let name: String
    private let limit: Int
    private let logger: Logger
    private let state = Mutex(State())

    init(_ name: String, limit: Int, _ logger: Logger) {
        self.name = name
        self.limit = limit
        self.logger = logger
    }

    func note(at now: NIODeadline) {
        let count: Int? = state.withLock { state in
            state.count &+= 1
            if let saidAt = state.saidAt, now < saidAt + Self.interval { return nil }
            defer { (state.count, state.saidAt) = (0, now) }
            return state.count
        }
        guard let count else { return }
        logger.warning(
            "too many connections", metadata: ["listener": "\(name)", "limit": "\(limit)", "refused": "\(count)"])
    }
}
