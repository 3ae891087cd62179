package import JOSE
package import OpenIDConnect
import Web

/// What one issuer publishes about itself: its metadata (OpenID Connect Discovery §4) and its keys (RFC 7517), fetched when
/// needed, kept, and fetched again in time.
package final class ProviderDirectory: Sendable {
    package let issuer: String
    private let metadataDocument: FetchedDocument<ProviderMetadata>
    private let keysDocument: FetchedDocument<JSONWebKeySet>

    /// Metadata is kept 1 h, and 24 h where a fetch fails; keys 10 min, and 1 h where a fetch fails.
    package init(issuer: String, exchange: any ProviderExchange, clock: WallClock) {
        let metadata = FetchedDocument(lifetimes: .init(fresh: 3600, stale: 24 * 3600), clock: clock) {
            () async throws(UpstreamFailure) in try await Self.fetchMetadata(issuer: issuer, exchange: exchange)
        }
        self.issuer = issuer
        metadataDocument = metadata
        keysDocument = FetchedDocument(lifetimes: .init(fresh: 600, stale: 3600), clock: clock) {
            () async throws(UpstreamFailure) in
            try await Self.fetchKeys(at: metadata.value().jwksURI, exchange: exchange)
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

    private static func fetchMetadata(
        issuer: String, exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> ProviderMetadata {
        // Discovery §4.1: a "/" at the end of the issuer is removed before the path is added.
        let base = issuer.utf8.last == UInt8(ascii: "/") ? String(issuer.dropLast()) : issuer
        let json = try await exchange.json(at: base + "/.well-known/openid-configuration")
        guard let metadata = ProviderMetadata(json: json) else {
            throw UpstreamFailure(.malformed, "the metadata of \(issuer) lacks a required member")
        }
        // Discovery §4.3: the issuer must be identical, or one provider could speak for another.
        guard sameBytes(metadata.issuer, issuer) else {
            throw UpstreamFailure(.malformed, "the metadata found at \(issuer) are another issuer's")
        }
        for (name, url) in metadata.endpoints where EndpointURL(url) == nil {
            throw UpstreamFailure(.malformed, "\(name) of \(issuer) is neither https nor http on a loopback host")
        }
        return metadata
    }

    private static func fetchKeys(
        at url: String, exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> JSONWebKeySet {
        guard let keys = JSONWebKeySet(json: try await exchange.json(at: url)) else {
            throw UpstreamFailure(.malformed, "no key set at \(url)")
        }
        return keys
    }
}

extension ProviderMetadata {
    fileprivate var endpoints: [(name: String, url: String)] {
        let optional: [(String, String?)] = [
            ("authorization_endpoint", authorizationEndpoint), ("token_endpoint", tokenEndpoint), ("jwks_uri", jwksURI),
            ("userinfo_endpoint", userinfoEndpoint), ("end_session_endpoint", endSessionEndpoint),
            ("revocation_endpoint", revocationEndpoint), ("introspection_endpoint", introspectionEndpoint),
        ]
        return optional.compactMap { name, url in url.map { (name, $0) } }
    }
}

extension ProviderExchange {
    /// The JSON document at `url`.
    fileprivate func json(at url: String) async throws(UpstreamFailure) -> JSONValue {
        let response = try await exchange(ProviderRequest(url: url, headers: ["accept": "application/json"]))
        guard response.status == 200 else { throw UpstreamFailure(.status(response.status), "asked for \(url)") }
        do throws(JSONReader.Refusal) { return try JSONReader.read(response.body) } catch {
            throw UpstreamFailure(.malformed, "\(url) is not JSON: \(error.reason)")
        }
    }
}
