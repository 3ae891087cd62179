import Logging
import ServiceLifecycle
import UnixSignals

/// SIGHUP asks servers to read their configuration again. This version cannot: it says so and goes on, instead of ending as a
/// process does that nobody has taught the signal to.
struct HangupNotice: Service {
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                logger.warning("SIGHUP: the configuration is read at the start only; restart to take a new one")
            }
        }
    }
}
