import JOSE
import OpenIDConnect
import Web

/// Fetches what one issuer publishes, and refuses what cannot be its own.
struct MetadataSource: Sendable {
    let issuer: String
    let addresses: ProviderAddresses
    let exchange: any ProviderExchange

    /// The issuer's metadata, or those that are given by hand.
    func metadata() async throws(UpstreamFailure) -> ProviderMetadata {
        if let given = addresses.metadata(issuer: issuer) { return try checked(given) }
        let base = addresses.metadataBase ?? addresses.internalURL ?? issuer
        let json = try await exchange.json(at: discoveryURL(of: base))
        guard let metadata = ProviderMetadata(json: json) else {
            throw UpstreamFailure(.malformed, "the metadata of \(issuer) lacks a required member")
        }
        // Discovery §4.3: the issuer must be identical, or one provider could speak for another.
        guard sameBytes(metadata.issuer, issuer) else {
            throw UpstreamFailure(.malformed, "the metadata found at \(base) are another issuer's")
        }
        return try checked(addresses.overriding(metadata))
    }

    func keys(at url: String) async throws(UpstreamFailure) -> JSONWebKeySet {
        try await JSONWebKeySet.fetched(from: url, over: exchange)
    }

    private func checked(_ metadata: ProviderMetadata) throws(UpstreamFailure) -> ProviderMetadata {
        for (name, url) in metadata.endpoints where EndpointURL(url, plainHTTP: addresses.plainHTTP) == nil {
            throw UpstreamFailure(.malformed, "\(name) of \(issuer) is neither https nor http on a loopback host")
        }
        return metadata
    }
}

extension ProviderMetadata {
    fileprivate var endpoints: [(name: String, url: String)] {
        let optional: [(String, String?)] = [
            ("authorization_endpoint", authorizationEndpoint), ("token_endpoint", tokenEndpoint), ("jwks_uri", jwksURI),
            ("userinfo_endpoint", userinfoEndpoint), ("end_session_endpoint", endSessionEndpoint),
            ("revocation_endpoint", revocationEndpoint), ("introspection_endpoint", introspectionEndpoint),
            ("device_authorization_endpoint", deviceAuthorizationEndpoint),
            ("pushed_authorization_request_endpoint", pushedAuthorizationRequestEndpoint),
        ]
        let known = optional.compactMap { name, url in url.map { (name: name, url: $0) } }
        return known + mutualTLSEndpoints.map { (name: $0.key, url: $0.value) }
    }
}
