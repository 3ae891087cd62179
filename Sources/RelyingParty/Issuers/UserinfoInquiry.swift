package import JOSE
import Web

/// Asks an issuer's userinfo endpoint about an access token (OpenID Connect Core §5.3): a token that was revoked is refused there, and
/// the answer says more of the person than the token does.
package struct UserinfoInquiry: TokenInquiry {
    private let directory: IssuerDirectory
    private let exchange: any ProviderExchange
    private let showsCertificate: Bool

    /// - Parameter showsCertificate: whether `exchange` does: then the issuer's endpoint for such clients is asked (RFC 8705 §5).
    package init(directory: IssuerDirectory, exchange: any ProviderExchange, showsCertificate: Bool = false) {
        self.directory = directory
        self.exchange = exchange
        self.showsCertificate = showsCertificate
    }

    package func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer {
        let metadata = try await directory.metadata()
        let alias = showsCertificate ? metadata.mutualTLSEndpoints["userinfo_endpoint"] : nil
        guard let endpoint = alias ?? metadata.userinfoEndpoint else {
            throw UpstreamFailure(.malformed, "\(directory.issuer) publishes no userinfo_endpoint")
        }
        let headers: HeaderList = ["authorization": "Bearer " + token.text, "accept": "application/json"]
        let response = try await exchange.exchange(ProviderRequest(url: endpoint, headers: headers))
        switch response.status {
        case 200:
            guard let claims = (try? JSONReader.read(response.body))?.object else {
                throw UpstreamFailure(.malformed, "the userinfo response is no JSON object")
            }
            return .active(claims)
        case 401, 403: return .inactive
        default: throw UpstreamFailure(.status(response.status), "from the userinfo endpoint")
        }
    }
}
