import Synchronization

/// Word from the server that some replica has changed or ended sessions, so that nobody has to ask all the time. What has changed
/// is not told by it, but by `SessionStore.changes`: a word that gets lost loses nothing, it only makes for a wait until the next
/// question.
package final class ChangeFeed: Sendable {
    /// Whether word comes from the server.
    package enum State: Sendable, Equatable {
        case follows
        /// Why not.
        case lost(String)
    }

    /// An element for every word, or for several that came at once. For one reader.
    package let words: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let current = Mutex(State.lost("it has not begun yet"))
    private let observer: @Sendable (State) -> Void

    /// - Parameter observer: is told of every change between the two.
    package init(observer: @escaping @Sendable (State) -> Void = { _ in }) {
        self.observer = observer
        (words, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something has changed, or may have.
    package func tell() { continuation.yield() }

    /// The connection stands. What has changed while it did not may be asked for now.
    package func begin() {
        change(to: .follows)
        tell()
    }

    package func lose(_ detail: String) { change(to: .lost(detail)) }

    private func change(to state: State) {
        let before = current.withLock { current in
            defer { current = state }
            return current
        }
        if (before == .follows) != (state == .follows) { observer(state) }
    }

    package var state: State { current.withLock { $0 } }
}
