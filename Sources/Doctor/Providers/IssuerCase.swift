package import JOSE
package import RelyingParty

/// One OpenID provider or issuer of tokens that the configuration names, and how it is asked.
package struct IssuerCase: Sendable {
    /// We as its client.
    package struct Client: Sendable {
        package var id: String
        /// What we send, and what has to be registered there.
        package var redirectURIs: [String]
        package var scopes: [String]
        /// `token_endpoint_auth_method`; nil: whatever it takes.
        package var authentication: String?

        package init(id: String, redirectURIs: [String], scopes: [String], authentication: String?) {
            self.id = id
            self.redirectURIs = redirectURIs
            self.scopes = scopes
            self.authentication = authentication
        }
    }

    /// What the file calls it: `provider corp`.
    package var subject: String
    /// What `iss` has to be, byte for byte.
    package var issuer: String
    package var addresses: ProviderAddresses
    package var exchange: any ProviderExchange
    package var algorithms: [SignatureAlgorithm]
    /// Seconds.
    package var clockSkew: Int64
    /// nil where it only issues tokens that we check.
    package var client: Client?

    package init(
        subject: String, issuer: String, addresses: ProviderAddresses, exchange: any ProviderExchange,
        algorithms: [SignatureAlgorithm], clockSkew: Int64, client: Client?
    ) {
        self.subject = subject
        self.issuer = issuer
        self.addresses = addresses
        self.exchange = exchange
        self.algorithms = algorithms
        self.clockSkew = clockSkew
        self.client = client
    }

    /// Where its metadata are asked for; nil where they are given by hand.
    var metadataURL: String? {
        guard addresses.metadata(issuer: issuer) == nil else { return nil }
        return discoveryURL(of: addresses.metadataBase ?? addresses.internalURL ?? issuer)
    }
}
