package import JOSE

/// A key set at a URL (RFC 7517 §5), fetched when needed, kept, and fetched again in time.
package final class PublishedKeys: Sendable {
    private let document: FetchedDocument<JSONWebKeySet>

    /// Kept 10 min, and 1 h where a fetch fails.
    package init(url: String, exchange: any ProviderExchange, clock: WallClock) {
        document = FetchedDocument(lifetimes: .init(fresh: 600, stale: 3600), clock: clock) {
            () async throws(UpstreamFailure) in try await JSONWebKeySet.fetched(from: url, over: exchange)
        }
    }

    /// The key that a token names. One that is not among the keys at hand has them fetched again, at most once a minute; `nil` where
    /// there is no such key.
    package func key(id: String?, algorithm: SignatureAlgorithm) async throws(UpstreamFailure) -> JSONWebKey? {
        if let key = try await document.value().key(id: id, algorithm: algorithm) { return key }
        return try await document.refetched().key(id: id, algorithm: algorithm)
    }
}
