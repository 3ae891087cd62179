import Logging
import OpenIDProvider
import ServiceLifecycle

/// Keeps what this process remembers of the store's clients or connectors as it is there, twice a second: what another process has changed
/// or removed holds here within a second.
struct DocumentFollower: Service {
    /// In the plural.
    let what: String
    let logger: Logger
    let follow: @Sendable () async throws(ProviderStoreFailure) -> Void

    func run() async {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(500))
                do throws(ProviderStoreFailure) { try await follow() } catch {
                    logger.warning("the \(what) could not be read", metadata: ["reason": "\(error.detail)"])
                }
            }
        }
    }
}

extension ProviderAssembly {
    /// One for each kind that there is in the store.
    func followers(_ logger: Logger) -> [any Service] {
        var followers: [any Service] = []
        if let clients {
            followers.append(
                DocumentFollower(what: "clients", logger: logger) { () async throws(ProviderStoreFailure) in
                    try await clients.follow()
                })
        }
        if let connectors {
            followers.append(
                DocumentFollower(what: "connectors", logger: logger) { () async throws(ProviderStoreFailure) in
                    try await connectors.follow()
                })
        }
        return followers
    }
}
