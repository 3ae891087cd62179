package import JOSE
import OpenIDConnect
import Web

/// Asks an issuer about its tokens at its introspection endpoint (RFC 7662).
package struct Introspection: TokenInquiry {
    private let directory: IssuerDirectory
    /// In place of the endpoint that the issuer publishes.
    private let endpoint: String?
    private let call: ClientCall

    /// - Parameter client: how we authenticate there (§2.1: nobody may ask who does not).
    package init(
        directory: IssuerDirectory, endpoint: String?, client: ProviderClient, exchange: any ProviderExchange,
        clock: WallClock = .system, randomness: Randomness = .system
    ) {
        self.directory = directory
        self.endpoint = endpoint
        call = ClientCall(client: client, exchange: exchange, clock: clock, randomness: randomness)
    }

    package func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer {
        let (endpoint, metadata) = try await place()
        let response = try await call.post(
            [(name: "token", value: token.text), (name: "token_type_hint", value: "access_token")],
            to: endpoint, alias: "introspection_endpoint", metadata: metadata)
        guard response.status == 200 else {
            throw UpstreamFailure(.status(response.status), "from the introspection endpoint")
        }
        guard let members = (try? JSONReader.read(response.body))?.object, let isActive = members["active"]?.bool else {
            throw UpstreamFailure(.malformed, "the introspection response is not one of RFC 7662 §2.2")
        }
        return isActive ? .active(members) : .inactive
    }

    /// An endpoint that is given by hand is all that has to be known.
    private func place() async throws(UpstreamFailure) -> (endpoint: String, metadata: ProviderMetadata) {
        if let endpoint {
            return (endpoint, IssuerMetadata(issuer: directory.issuer, jwksURI: nil).ofProvider(for: endpoint))
        }
        let published = try await directory.metadata()
        guard let endpoint = published.introspectionEndpoint else {
            throw UpstreamFailure(.malformed, "\(directory.issuer) publishes no introspection_endpoint")
        }
        return (endpoint, published.ofProvider(for: endpoint))
    }
}
