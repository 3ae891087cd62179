package import JOSE
import OpenIDConnect
import Web

/// Where an issuer's metadata and keys are found.
package enum IssuerLocation: Sendable {
    /// By discovery (OpenID Connect Discovery §4).
    case discovery
    /// The key set is here (RFC 7517 §5); nothing else of the issuer is asked for.
    case jwks(String)
    /// Whoever runs this process has the key set, which is read as often as one that is fetched would be.
    case given(@Sendable () throws(UpstreamFailure) -> JSONWebKeySet)
}

/// The metadata and keys of one issuer of bearer tokens, fetched when needed, kept, and fetched again in time.
package final class IssuerDirectory: Sendable {
    package let issuer: String
    private let metadataDocument: FetchedDocument<IssuerMetadata>
    private let keysDocument: FetchedDocument<JSONWebKeySet>

    /// Metadata is kept 1 h, and 24 h where a fetch fails; keys 10 min, and 12 h where a fetch fails: an issuer that is away for a
    /// while locks nobody out.
    package init(issuer: String, location: IssuerLocation, exchange: any ProviderExchange, clock: WallClock) {
        let metadata = FetchedDocument(lifetimes: .init(fresh: 3600, stale: 24 * 3600), clock: clock) {
            () async throws(UpstreamFailure) in
            switch location {
            case .discovery: try await Self.fetchMetadata(issuer: issuer, exchange: exchange)
            case .jwks(let url): IssuerMetadata(issuer: issuer, jwksURI: url)
            case .given: IssuerMetadata(issuer: issuer, jwksURI: nil)
            }
        }
        self.issuer = issuer
        metadataDocument = metadata
        keysDocument = FetchedDocument(lifetimes: .init(fresh: 600, stale: 12 * 3600), clock: clock) {
            () async throws(UpstreamFailure) in
            if case .given(let read) = location { return try read() }
            guard let url = try await metadata.value().jwksURI else {
                throw UpstreamFailure(.malformed, "\(issuer) publishes no jwks_uri")
            }
            return try await JSONWebKeySet.fetched(from: url, over: exchange)
        }
    }

    /// The key that a token names, if it is at hand; `nil` says nothing of whether the issuer has it.
    package func cachedKey(id: String?, algorithm: SignatureAlgorithm) -> JSONWebKey? {
        keysDocument.usable?.key(id: id, algorithm: algorithm)
    }

    /// The key that a token names. One that is not among the keys at hand has them fetched again, at most once a minute;
    /// `nil` where the issuer has no such key.
    package func key(id: String?, algorithm: SignatureAlgorithm) async throws(UpstreamFailure) -> JSONWebKey? {
        if let key = try await keysDocument.value().key(id: id, algorithm: algorithm) { return key }
        return try await keysDocument.refetched().key(id: id, algorithm: algorithm)
    }

    package func metadata() async throws(UpstreamFailure) -> IssuerMetadata { try await metadataDocument.value() }

    private static func fetchMetadata(
        issuer: String, exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> IssuerMetadata {
        let json = try await exchange.json(at: discoveryURL(of: issuer))
        // Discovery §4.3: the issuer must be identical, or one issuer could speak for another.
        guard let metadata = IssuerMetadata(json: json), sameBytes(metadata.issuer, issuer) else {
            throw UpstreamFailure(.malformed, "the metadata found at \(issuer) are another issuer's")
        }
        for (name, url) in metadata.endpoints where EndpointURL(url) == nil {
            throw UpstreamFailure(.malformed, "\(name) of \(issuer) is neither https nor http on a loopback host")
        }
        return metadata
    }
}
