import AuthService
package import NIOCore
import Synchronization

/// A check whose answer is not there yet: whoever comes first gives it, the work or the time that it may take.
package final class PendingCheck: Sendable {
    package struct Patience: Sendable {
        /// In a queue: longer than this the lane is held up, and waiting makes it worse.
        package var queued: TimeAmount = .seconds(2)
        /// In work. Providers get ten seconds for each exchange, and the code flow has three of them.
        package var working: TimeAmount = .seconds(40)
        /// In the lookup of a session. Gateways give a check ten seconds: before that they are told that the store is away.
        package var loading: TimeAmount = .seconds(5)

        package init() {}
    }

    private struct State {
        var reply: (@Sendable (Decision) -> Void)?
        var isWorking = false
        var timer: Scheduled<Void>?
    }

    private let eventLoop: any EventLoop
    private let patience: Patience
    private let refusal: @Sendable () -> Decision
    private let state: Mutex<State>

    /// On the event loop.
    /// - Parameters:
    ///   - reply: called once, on `eventLoop`.
    ///   - refusal: makes the answer for a check that has waited too long.
    init(
        on eventLoop: any EventLoop, patience: Patience, refusal: @escaping @Sendable () -> Decision,
        reply: @escaping @Sendable (Decision) -> Void
    ) {
        self.eventLoop = eventLoop
        self.patience = patience
        self.refusal = refusal
        state = Mutex(State(reply: reply))
    }

    /// The check stands in a queue from here on; `begin` is to be called when its turn has come.
    /// - Parameter limit: how long the work may take then.
    func queue(working limit: TimeAmount) {
        state.withLock { $0.isWorking = false }
        eventLoop.execute {
            self.schedule(in: self.patience.queued) {
                guard self.state.withLock({ $0.isWorking }) else { return self.answer(self.refusal()) }
                self.schedule(in: limit) { self.answer(self.refusal()) }
            }
        }
    }

    /// `false`: it is answered already, and nobody waits for the work.
    func begin() -> Bool {
        state.withLock { state in
            state.isWorking = true
            return state.reply != nil
        }
    }

    /// The first answer counts.
    func answer(_ decision: Decision) {
        guard let reply = drop() else { return }
        eventLoop.execute { reply(decision) }
    }

    /// Ends the waiting without an answer; `nil`: it is answered already.
    @discardableResult
    func drop() -> (@Sendable (Decision) -> Void)? {
        let (reply, timer) = state.withLock { ($0.reply.take(), $0.timer.take()) }
        timer?.cancel()
        return reply
    }

    private func schedule(in time: TimeAmount, _ end: @escaping @Sendable () -> Void) {
        let timer = eventLoop.scheduleTask(in: time, end)
        let (last, isOver) = state.withLock { state in
            defer { state.timer = state.reply == nil ? nil : timer }
            return (state.timer, state.reply == nil)
        }
        last?.cancel()
        if isOver { timer.cancel() }
    }
}
