import Accounts
import JOSE
import Logging
import ServiceLifecycle

/// Looks twice a minute whether signing keys have to change, and takes over what other replicas have changed.
struct KeyRotation: Service {
    let keyring: RotatingKeyring
    let audit: AuditLog
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // A stop ends the wait, and is nothing that failed.
                guard (try? await Task.sleep(for: .seconds(30))) != nil else { return }
                await refresh()
            }
        }
    }

    private func refresh() async {
        do {
            let change = try await keyring.refresh()
            guard !change.isNothing else { return }
            var event = AuditEvent(kind: .keyRotation, reference: Reference(randomness: .system))
            event.reason = "by schedule: \(change.added.count) new, \(change.removed) not published any more"
            audit.record(event)
        } catch {
            guard !Task.isCancelled else { return }
            // The keys at hand go on; the next look is in half a minute.
            logger.error("the signing keys could not be looked after", metadata: ["reason": "\(error)"])
        }
    }
}
