import AuthService
import Logging
import ServiceLifecycle
import Storage

/// Goes through the storage at the start and every hour, and seals under the first of `storage.secrets` what an older one has
/// sealed, or nobody; says when the older ones can go.
struct ResealingService: Service {
    let resealing: Resealing
    let logger: Logger

    /// Seconds. Replicas that have no key yet are gone by the second look.
    private static let interval = 3600

    func run() async {
        await cancelWhenGracefulShutdown {
            var isFirst = true
            while !Task.isCancelled {
                if resealing.isNeeded { await look(canClose: !isFirst) }
                isFirst = false
                try? await Task.sleep(for: .seconds(Self.interval))
            }
        }
    }

    private func look(canClose: Bool) async {
        do throws(StoreFailure) { tell(try await resealing.look(canClose: canClose)) } catch {
            guard !Task.isCancelled else { return }
            logger.warning(
                "the storage was not looked through for what older keys have sealed", metadata: ["reason": "\(error.detail)"])
        }
    }

    private func tell(_ outcome: Resealer.Outcome) {
        let counts: Logger.Metadata = [
            "from_older_keys": "\(outcome.fromOlderKeys)", "from_clear": "\(outcome.fromClear)",
            "unopened": "\(outcome.unopened)",
        ]
        if outcome.unopened > 0 { logger.warning("no key opens some of what lies in the storage", metadata: counts) }
        guard outcome.needsFirstKeyOnly else { return }
        logger.info(
            "the first of storage.secrets has sealed everything in the storage: where it is the first of every replica, the others can go",
            metadata: counts)
    }
}
