import Logging
import ServiceLifecycle
import Storage

/// Listens to what other replicas change in the store.
struct ReplicaFeed: Service {
    let replicas: Stores.Replicas

    func run() async {
        await cancelWhenGracefulShutdown { await replicas.follow() }
    }
}

extension ChangeFeed {
    /// Says in the log when it is lost, and when it is back.
    static func logging(to logger: Logger) -> ChangeFeed {
        ChangeFeed { state in
            switch state {
            case .follows: logger.info("the store tells of what other replicas change")
            case .lost(let reason):
                logger.warning(
                    "the store does not tell any more of what other replicas change: it is asked twice a second",
                    metadata: ["reason": "\(reason)"])
            }
        }
    }
}
