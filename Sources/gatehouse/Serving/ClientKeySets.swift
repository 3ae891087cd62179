import JOSE
import Logging
import OpenIDProvider
import RelyingParty
import Settings

/// The published keys of the provider's clients, and of those whose assertions it takes: as many as the configuration names.
struct ClientKeySets: ClientKeySource {
    private let sets: [String: PublishedKeys]
    private let logger: Logger

    init(_ settings: ProviderSettings, exchange: any ProviderExchange, logger: Logger) {
        let sources = settings.clients.compactMap(\.keys) + settings.assertionIssuers.map(\.keys)
        var sets: [String: PublishedKeys] = [:]
        for case .uri(let url) in sources where sets[url.text] == nil {
            sets[url.text] = PublishedKeys(url: url.text, exchange: exchange, clock: .system)
        }
        self.sets = sets
        self.logger = logger
    }

    func key(at url: String, id: String?, algorithm: SignatureAlgorithm) async -> JSONWebKey? {
        guard let set = sets[url] else { return nil }
        do throws(UpstreamFailure) { return try await set.key(id: id, algorithm: algorithm) } catch {
            logger.warning("published keys cannot be had", metadata: ["url": "\(url)", "reason": "\(error.detail)"])
            return nil
        }
    }
}
