import NIOCore
import Synchronization

/// The open connections of one listener, so that they can be asked to finish.
final class OpenConnections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isDraining = false
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many may be open at the same time.
    init(limit: Int) {
        self.limit = limit
    }

    enum Admission {
        case served
        /// The listener is closing: not to be served.
        case draining
        /// There are as many as may be: not to be served.
        case full
    }

    /// Keeps a new connection until it closes, if it is served.
    func add(_ channel: any Channel) -> Admission {
        let id = ObjectIdentifier(channel)
        let admission: Admission = state.withLock { state in
            if state.isDraining { return .draining }
            guard state.channels.count < limit else { return .full }
            state.channels[id] = channel
            return .served
        }
        if admission == .served { channel.closeFuture.whenComplete { _ in self.remove(id) } }
        return admission
    }

    private func remove(_ id: ObjectIdentifier) {
        state.withLock { _ = $0.channels.removeValue(forKey: id) }
    }

    /// Asks every connection to finish its requests; returns when all have closed, those that have not by `time` by force.
    func drain(within time: TimeAmount) async {
        let channels = state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
        for channel in channels {
            channel.eventLoop.execute {
                channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
            }
        }
        let timers = channels.map { channel in channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) } }
        for channel in channels { try? await channel.closeFuture.get() }
        for timer in timers { timer.cancel() }
    }
}
