import JOSE
import OpenIDConnect
import Web

/// How one client calls a provider's endpoints: authenticated, and with a proof of its DPoP key where it has one.
struct ClientCall: Sendable {
    let client: ProviderClient
    let exchange: any ProviderExchange
    let clock: WallClock
    let randomness: Randomness
    var proofs: DPoPProofs?

    /// Posts a form; once more where the provider asks for its nonce (RFC 9449 §8).
    /// - Parameter alias: the metadata's name of the endpoint, for clients with a certificate (RFC 8705 §5).
    func post(
        _ parameters: [(name: String, value: String)], to endpoint: String, alias: String, metadata: ProviderMetadata
    ) async throws(UpstreamFailure) -> ProviderResponse {
        let request = try request(parameters, endpoint, alias, metadata)
        let response = try await exchange.exchange(request)
        guard let proofs, proofs.takeNonce(of: response, to: request) else { return response }
        return try await exchange.exchange(self.request(parameters, endpoint, alias, metadata))
    }

    private func request(
        _ parameters: [(name: String, value: String)], _ endpoint: String, _ alias: String, _ metadata: ProviderMetadata
    ) throws(UpstreamFailure) -> ProviderRequest {
        // Made anew for each request: assertions and proofs are good once.
        let authentication = try ClientAuthentication(
            client: client, metadata: metadata, clock: clock, randomness: randomness)
        // The authentication's own client_id is the form's.
        let form = parameters.filter { parameter in !authentication.parameters.contains { $0.name == parameter.name } }
        var request = ProviderRequest(
            method: .post, url: client.endpoint(endpoint, alias: alias, metadata: metadata),
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString(form + authentication.parameters).encoded.utf8))
        if let authorization = authentication.authorization { request.headers.add("authorization", authorization) }
        if let proofs { request.headers.add("dpop", try proofs.proof(for: request)) }
        return request
    }
}

extension ProviderClient {
    /// Where this client finds an endpoint: with a certificate at its alias, where there is one (RFC 8705 §5).
    func endpoint(_ endpoint: String, alias: String, metadata: ProviderMetadata) -> String {
        guard ClientAuthentication.method(of: self, metadata: metadata) == .tlsClientAuth else { return endpoint }
        return metadata.mutualTLSEndpoints[alias] ?? endpoint
    }
}

extension RelyingParty {
    /// As `ClientCall.post`.
    func post(
        _ parameters: [(name: String, value: String)], to endpoint: String, alias: String, metadata: ProviderMetadata
    ) async throws(UpstreamFailure) -> ProviderResponse {
        try await ClientCall(client: client, exchange: exchange, clock: clock, randomness: randomness, proofs: proofs)
            .post(parameters, to: endpoint, alias: alias, metadata: metadata)
    }
}
