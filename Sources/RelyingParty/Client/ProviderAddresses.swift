import JOSE
package import OpenIDConnect
import Web

/// Where a provider is reached, beyond what its issuer identifier and its metadata say.
package struct ProviderAddresses: Sendable, Equatable {
    /// In place of the metadata's. With `authorization`, `token` and `keys` no metadata are fetched at all.
    package var authorization: String?
    package var token: String?
    package var keys: String?
    package var userinfo: String?
    package var endSession: String?
    package var revocation: String?
    package var introspection: String?
    package var pushedAuthorizationRequest: String?
    /// Stands in for the issuer in whatever we ask ourselves, as inside a cluster; browsers go by the issuer.
    package var internalURL: String?
    /// Stands in for the issuer where its metadata are fetched, and nowhere else: for providers that call themselves by another name.
    package var metadataBase: String?

    package init() {}

    /// URLs below which plain http is taken anywhere: only what the operator has written, for networks that are trusted.
    package var plainHTTP: [String] {
        let ours = [internalURL, token, keys, userinfo, revocation, introspection, pushedAuthorizationRequest]
        return ours.compactMap { $0 }.filter { $0.utf8.starts(with: "http://".utf8) }
    }

    /// The whole metadata, where they are given by hand.
    package func metadata(issuer: String) -> ProviderMetadata? {
        guard let authorization, let token, let keys else { return nil }
        var metadata = ProviderMetadata(
            issuer: issuer, authorizationEndpoint: authorization, tokenEndpoint: token, jwksURI: keys)
        // Nobody says what the provider signs with: the client's own list decides.
        metadata.idTokenSigningAlgorithms = SignatureAlgorithm.allCases.map(\.rawValue)
        return overriding(metadata)
    }

    /// Metadata that were fetched, with what is given by hand in place of theirs and each URL as its caller reaches it.
    package func overriding(_ fetched: ProviderMetadata) -> ProviderMetadata {
        var metadata = fetched
        let issuer = metadata.issuer
        metadata.authorizationEndpoint = authorization ?? front(metadata.authorizationEndpoint, issuer)
        metadata.endSessionEndpoint = endSession ?? metadata.endSessionEndpoint.map { front($0, issuer) }
        metadata.tokenEndpoint = token ?? back(metadata.tokenEndpoint, issuer)
        metadata.jwksURI = keys ?? back(metadata.jwksURI, issuer)
        metadata.userinfoEndpoint = userinfo ?? metadata.userinfoEndpoint.map { back($0, issuer) }
        metadata.revocationEndpoint = revocation ?? metadata.revocationEndpoint.map { back($0, issuer) }
        metadata.introspectionEndpoint = introspection ?? metadata.introspectionEndpoint.map { back($0, issuer) }
        metadata.pushedAuthorizationRequestEndpoint =
            pushedAuthorizationRequest ?? metadata.pushedAuthorizationRequestEndpoint.map { back($0, issuer) }
        metadata.mutualTLSEndpoints = metadata.mutualTLSEndpoints.mapValues { back($0, issuer) }
        return metadata
    }

    private func back(_ url: String, _ issuer: String) -> String {
        internalURL.flatMap { Self.moved(url, from: issuer, to: $0) } ?? url
    }

    private func front(_ url: String, _ issuer: String) -> String {
        internalURL.flatMap { Self.moved(url, from: $0, to: issuer) } ?? url
    }

    /// `nil` where `url` is not below `base`.
    private static func moved(_ url: String, from base: String, to other: String) -> String? {
        let (base, other) = (withoutSlash(base), withoutSlash(other))
        guard url.utf8.starts(with: (base + "/").utf8) else { return nil }
        return other + String(Substring(url.utf8.dropFirst(base.utf8.count)))
    }

    static func withoutSlash(_ url: String) -> String {
        url.utf8.last == UInt8(ascii: "/") ? String(url.dropLast()) : url
    }
}
