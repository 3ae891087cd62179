import JOSE
import Synchronization

/// A clock that goes only where the test puts it.
final class MovableClock: Sendable {
    static let start = UnixTime(seconds: 1_800_000_000)
    private let moment = Mutex(MovableClock.start)

    var clock: WallClock { WallClock { self.now } }
    var now: UnixTime { moment.withLock { $0 } }

    func advance(_ seconds: Int64) { moment.withLock { $0 = $0.adding(seconds) } }
}
