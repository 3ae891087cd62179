package import Web

/// Asks the provider that runs in this process: the same requests as over the network, with no network between.
package struct EmbeddedProviderExchange: ProviderExchange {
    private let issuer: String
    private let respond: @Sendable (WebRequest) async -> WebResponse

    /// - Parameters:
    ///   - issuer: only URLs below it are asked.
    ///   - respond: the provider's own handler of requests.
    package init(issuer: String, respond: @escaping @Sendable (WebRequest) async -> WebResponse) {
        self.issuer = issuer
        self.respond = respond
    }

    package func exchange(_ request: ProviderRequest) async throws(UpstreamFailure) -> ProviderResponse {
        guard let url = EndpointURL(request.url), url.isBelow(issuer) else {
            throw UpstreamFailure(.unreachable, "not a URL of the embedded provider")
        }
        let response = await respond(
            WebRequest(
                method: request.method.rawValue, scheme: url.scheme, authority: url.authority, target: url.target,
                headers: request.headers, body: request.body))
        guard response.body.count <= ProviderResponse.maximumBodyBytes else {
            throw UpstreamFailure(.tooLarge, "the embedded provider's response is too large")
        }
        return ProviderResponse(status: response.status, headers: response.headers, body: response.body)
    }
}

extension EndpointURL {
    /// Whether this is `issuer` followed by a `/` and more, byte for byte.
    fileprivate func isBelow(_ issuer: String) -> Bool {
        let base = issuer.utf8.last == UInt8(ascii: "/") ? issuer : issuer + "/"
        return text.utf8.starts(with: base.utf8)
    }
}
