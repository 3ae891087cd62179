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
        // Discovery §4.1: a "/" at the end of the issuer is removed before the path is added.
        let base = ProviderAddresses.withoutSlash(addresses.internalURL ?? issuer)
        let json = try await exchange.json(at: base + "/.well-known/openid-configuration")
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
        guard let keys = JSONWebKeySet(json: try await exchange.json(at: url)) else {
            throw UpstreamFailure(.malformed, "no key set at \(url)")
        }
        return keys
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
            ("pushed_authorization_request_endpoint", pushedAuthorizationRequestEndpoint),
        ]
        let known = optional.compactMap { name, url in url.map { (name: name, url: $0) } }
        return known + mutualTLSEndpoints.map { (name: $0.key, url: $0.value) }
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
