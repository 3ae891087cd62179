import JOSE
import OpenIDConnect

/// What an issuer of bearer tokens says of itself (OpenID Connect Discovery §3, RFC 8414 §2). Fewer members than a provider at which
/// people sign in: Kubernetes publishes its issuer and its keys, and nothing else.
package struct IssuerMetadata: Sendable {
    package let issuer: String
    package let jwksURI: String?
    package let introspectionEndpoint: String?
    package let userinfoEndpoint: String?
    /// What an assertion of a client is for.
    package let tokenEndpoint: String?
    /// The endpoints for clients that authenticate with a certificate (RFC 8705 §5), by the members' names.
    package let mutualTLSEndpoints: [String: String]

    /// `nil` where `issuer` is missing.
    init?(json: JSONValue) {
        guard let members = json.object, let issuer = members["issuer"]?.string else { return nil }
        self.issuer = issuer
        jwksURI = members["jwks_uri"]?.string
        introspectionEndpoint = members["introspection_endpoint"]?.string
        userinfoEndpoint = members["userinfo_endpoint"]?.string
        tokenEndpoint = members["token_endpoint"]?.string
        let aliases = members["mtls_endpoint_aliases"]?.object?.members ?? []
        mutualTLSEndpoints = aliases.reduce(into: [:]) { $0[$1.name] = $1.value.string }
    }

    /// For an issuer that publishes nothing, or that is not to be asked for it.
    init(issuer: String, jwksURI: String?) {
        self.issuer = issuer
        self.jwksURI = jwksURI
        introspectionEndpoint = nil
        userinfoEndpoint = nil
        tokenEndpoint = nil
        mutualTLSEndpoints = [:]
    }

    /// Every URL, with its name.
    var endpoints: [(name: String, url: String)] {
        let optional = [
            ("jwks_uri", jwksURI), ("introspection_endpoint", introspectionEndpoint), ("userinfo_endpoint", userinfoEndpoint),
            ("token_endpoint", tokenEndpoint),
        ]
        return optional.compactMap { name, url in url.map { (name, $0) } }
            + mutualTLSEndpoints.map { (name: $0.key, url: $0.value) }
    }

    /// As a client of the issuer needs it that calls `endpoint`; what an issuer of bearer tokens need not have stands in as that.
    func ofProvider(for endpoint: String) -> ProviderMetadata {
        var metadata = ProviderMetadata(
            issuer: issuer, authorizationEndpoint: endpoint, tokenEndpoint: tokenEndpoint ?? endpoint, jwksURI: endpoint)
        metadata.mutualTLSEndpoints = mutualTLSEndpoints
        return metadata
    }
}
