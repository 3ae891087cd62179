import JOSE
import OpenIDConnect
import Web

extension RelyingParty {
    /// Posts a form to one of the provider's endpoints as this client: authenticated, and with a proof of its DPoP key where it has
    /// one; once more where the provider asks for its nonce (RFC 9449 §8).
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
        let usesCertificate = ClientAuthentication.method(of: client, metadata: metadata) == .tlsClientAuth
        var request = ProviderRequest(
            method: .post, url: usesCertificate ? metadata.mutualTLSEndpoints[alias] ?? endpoint : endpoint,
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString(form + authentication.parameters).encoded.utf8))
        if let authorization = authentication.authorization { request.headers.add("authorization", authorization) }
        if let proofs { request.headers.add("dpop", try proofs.proof(for: request)) }
        return request
    }
}
