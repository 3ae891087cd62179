import JOSE
import OpenIDConnect
import Web

extension RelyingParty {
    /// Whether an authorization request has to be prepared: signed, or given to the provider first.
    func preparesRequests(_ metadata: ProviderMetadata) -> Bool { client.authorization.isSigned || pushesRequests(metadata) }

    private func pushesRequests(_ metadata: ProviderMetadata) -> Bool {
        switch client.authorization.pushing {
        case .always: true
        case .never: false
        case .automatic: metadata.requiresPushedAuthorizationRequests
        }
    }

    /// The authorization endpoint's URL with the parameters, or with what stands for them, behind its own query.
    func preparedURL(
        _ request: AuthorizationRequest, metadata: ProviderMetadata
    ) async throws(UpstreamFailure) -> String {
        var parameters = request.parameters(client: client, metadata: metadata)
        if client.authorization.isSigned {
            parameters = try RequestObject(client: client, clock: clock, randomness: randomness).parameters(of: parameters)
        }
        if pushesRequests(metadata) { parameters = try await pushed(parameters, metadata) }
        return QueryString(parameters).appending(to: metadata.authorizationEndpoint)
    }

    /// Gives the parameters to the provider (RFC 9126 §2).
    /// - Returns: what the browser carries in their place.
    private func pushed(
        _ parameters: [(name: String, value: String)], _ metadata: ProviderMetadata
    ) async throws(UpstreamFailure) -> [(name: String, value: String)] {
        guard let endpoint = metadata.pushedAuthorizationRequestEndpoint else {
            throw UpstreamFailure(.malformed, "the provider has no pushed_authorization_request_endpoint")
        }
        let response = try await post(
            parameters, to: endpoint, alias: "pushed_authorization_request_endpoint", metadata: metadata)
        let json = try? JSONReader.read(response.body)
        guard response.status == 201 || response.status == 200 else {
            let refusal = json.flatMap(ProviderRefusal.init(json:)).map { ": \($0.code)" } ?? ""
            throw UpstreamFailure(.status(response.status), "from the pushed authorization request endpoint\(refusal)")
        }
        guard let reference = json?.object?["request_uri"]?.string, (1...1024).contains(reference.utf8.count) else {
            throw UpstreamFailure(.malformed, "the pushed authorization response has no request_uri")
        }
        return [(name: "client_id", value: client.clientID), (name: "request_uri", value: reference)]
    }
}
