import Logging
import OpenIDProvider
import ServiceLifecycle

/// Keeps the clients that this process remembers as they are in the store, twice a second: what another process has changed or
/// removed holds here within a second.
struct ClientFollower: Service {
    let clients: StoredClients
    let logger: Logger

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                do throws(ProviderStoreFailure) { try await clients.follow() } catch {
                    logger.warning("the clients could not be read", metadata: ["reason": "\(error.detail)"])
                }
            }
        }
    }
}
