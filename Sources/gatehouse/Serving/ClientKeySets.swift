import JOSE
import Logging
import OpenIDProvider
import RelyingParty
import Settings
import Synchronization

/// The published keys of the provider's clients, and of those whose assertions it takes: at the addresses that the configuration names,
/// and at those that administrators give clients of the storage.
final class ClientKeySets: ClientKeySource {
    /// So many addresses of clients of the storage are remembered; one more, and all of them are fetched anew when they are needed.
    private static let maximumStored = 1000

    private let fixed: [String: PublishedKeys]
    private let stored = Mutex<[String: PublishedKeys]>([:])
    private let exchange: any ProviderExchange
    private let logger: Logger

    init(_ settings: ProviderSettings, exchange: any ProviderExchange, logger: Logger) {
        let sources = settings.clients.compactMap(\.keys) + settings.assertionIssuers.map(\.keys)
        var sets: [String: PublishedKeys] = [:]
        for case .uri(let url) in sources where sets[url.text] == nil {
            sets[url.text] = PublishedKeys(url: url.text, exchange: exchange, clock: .system)
        }
        fixed = sets
        self.exchange = exchange
        self.logger = logger
    }

    func key(at url: String, id: String?, algorithm: SignatureAlgorithm) async -> JSONWebKey? {
        do throws(UpstreamFailure) { return try await keys(at: url).key(id: id, algorithm: algorithm) } catch {
            logger.warning("published keys cannot be had", metadata: ["url": "\(url)", "reason": "\(error.detail)"])
            return nil
        }
    }

    /// Only ever asked for the address of a client: nobody else makes us fetch anything.
    private func keys(at url: String) -> PublishedKeys {
        if let keys = fixed[url] { return keys }
        return stored.withLock { stored in
            if let keys = stored[url] { return keys }
            if stored.count >= Self.maximumStored { stored = [:] }
            let keys = PublishedKeys(url: url, exchange: exchange, clock: .system)
            stored[url] = keys
            return keys
        }
    }
}
