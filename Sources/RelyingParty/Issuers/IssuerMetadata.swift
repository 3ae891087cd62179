import JOSE

/// What an issuer of bearer tokens says of itself (OpenID Connect Discovery §3, RFC 8414 §2). Fewer members than a provider at which
/// people sign in: Kubernetes publishes its issuer and its keys, and nothing else.
package struct IssuerMetadata: Sendable {
    package let issuer: String
    package let jwksURI: String?
    package let introspectionEndpoint: String?
    package let userinfoEndpoint: String?

    /// `nil` where `issuer` is missing.
    init?(json: JSONValue) {
        guard let members = json.object, let issuer = members["issuer"]?.string else { return nil }
        self.issuer = issuer
        jwksURI = members["jwks_uri"]?.string
        introspectionEndpoint = members["introspection_endpoint"]?.string
        userinfoEndpoint = members["userinfo_endpoint"]?.string
    }

    /// For an issuer that publishes nothing, or that is not to be asked for it.
    init(issuer: String, jwksURI: String?) {
        self.issuer = issuer
        self.jwksURI = jwksURI
        introspectionEndpoint = nil
        userinfoEndpoint = nil
    }

    /// Every URL, with its name.
    var endpoints: [(name: String, url: String)] {
        let optional = [
            ("jwks_uri", jwksURI), ("introspection_endpoint", introspectionEndpoint), ("userinfo_endpoint", userinfoEndpoint),
        ]
        return optional.compactMap { name, url in url.map { (name, $0) } }
    }
}
