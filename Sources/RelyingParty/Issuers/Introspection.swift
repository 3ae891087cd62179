package import JOSE
import OpenIDConnect
import Web

/// Asks an issuer about its tokens at its introspection endpoint (RFC 7662).
package struct Introspection: TokenInquiry {
    private let directory: IssuerDirectory
    /// In place of the endpoint that the issuer publishes.
    private let endpoint: String?
    private let client: ProviderClient
    private let exchange: any ProviderExchange
    private let clock: WallClock
    private let randomness: Randomness

    /// - Parameter client: how we authenticate there (§2.1: nobody may ask who does not).
    package init(
        directory: IssuerDirectory, endpoint: String?, client: ProviderClient, exchange: any ProviderExchange,
        clock: WallClock = .system, randomness: Randomness = .system
    ) {
        self.clock = clock
        self.randomness = randomness
        self.directory = directory
        self.endpoint = endpoint
        self.client = client
        self.exchange = exchange
    }

    package func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer {
        let response = try await exchange.exchange(try await request(token))
        guard response.status == 200 else {
            throw UpstreamFailure(.status(response.status), "from the introspection endpoint")
        }
        guard let members = (try? JSONReader.read(response.body))?.object, let isActive = members["active"]?.bool else {
            throw UpstreamFailure(.malformed, "the introspection response is not one of RFC 7662 §2.2")
        }
        return isActive ? .active(members) : .inactive
    }

    private func request(_ token: Secret) async throws(UpstreamFailure) -> ProviderRequest {
        let url: String
        if let endpoint {
            url = endpoint
        } else {
            guard let published = try await directory.metadata().introspectionEndpoint else {
                throw UpstreamFailure(.malformed, "\(directory.issuer) publishes no introspection_endpoint")
            }
            url = published
        }
        let metadata = ProviderMetadata(issuer: client.issuer, authorizationEndpoint: url, tokenEndpoint: url, jwksURI: url)
        let authentication = try ClientAuthentication(
            client: client, metadata: metadata, clock: clock, randomness: randomness)
        let form = [(name: "token", value: token.text), (name: "token_type_hint", value: "access_token")]
        var request = ProviderRequest(
            method: .post, url: url,
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString(form + authentication.parameters).encoded.utf8))
        if let authorization = authentication.authorization { request.headers.add("authorization", authorization) }
        return request
    }
}
