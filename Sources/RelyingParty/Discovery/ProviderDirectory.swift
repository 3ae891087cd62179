package import JOSE
package import OpenIDConnect

/// What one issuer publishes about itself: its metadata (OpenID Connect Discovery §4) and its keys (RFC 7517), fetched when
/// needed, kept, and fetched again in time.
package final class ProviderDirectory: Sendable {
    package let issuer: String
    private let metadataDocument: FetchedDocument<ProviderMetadata>
    private let keysDocument: FetchedDocument<JSONWebKeySet>

    /// Metadata is kept 1 h, and 24 h where a fetch fails; keys 10 min, and 1 h where a fetch fails.
    package init(
        issuer: String, addresses: ProviderAddresses = ProviderAddresses(), exchange: any ProviderExchange, clock: WallClock
    ) {
        let source = MetadataSource(issuer: issuer, addresses: addresses, exchange: exchange)
        let metadata = FetchedDocument(lifetimes: .init(fresh: 3600, stale: 24 * 3600), clock: clock) {
            () async throws(UpstreamFailure) in try await source.metadata()
        }
        self.issuer = issuer
        metadataDocument = metadata
        keysDocument = FetchedDocument(lifetimes: .init(fresh: 600, stale: 3600), clock: clock) {
            () async throws(UpstreamFailure) in try await source.keys(at: metadata.value().jwksURI)
        }
    }

    /// The metadata where it is at hand; `nil` where it has to be fetched first.
    package var cachedMetadata: ProviderMetadata? { metadataDocument.usable }

    package func metadata() async throws(UpstreamFailure) -> ProviderMetadata { try await metadataDocument.value() }

    /// The key that a token names. One that is not among the keys at hand has them fetched again, at most once a minute;
    /// `nil` where the issuer has no such key.
    package func key(id: String?, algorithm: SignatureAlgorithm) async throws(UpstreamFailure) -> JSONWebKey? {
        if let key = try await keysDocument.value().key(id: id, algorithm: algorithm) { return key }
        return try await keysDocument.refetched().key(id: id, algorithm: algorithm)
    }

    /// Fetches the metadata and the keys, whatever is at hand; throws where either cannot be had.
    package func fetchAnew() async throws(UpstreamFailure) {
        _ = try await metadataDocument.fetchedAnew()
        _ = try await keysDocument.fetchedAnew()
    }
}
