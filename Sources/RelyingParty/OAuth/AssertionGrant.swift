package import JOSE
import OpenIDConnect
import Web

/// Tokens for a signed statement (RFC 7523 §2.1), which says itself who asks: service accounts are no clients.
package struct AssertionGrant: Sendable {
    private let tokenURL: String
    private let exchange: any ProviderExchange

    package init(tokenURL: String, exchange: any ProviderExchange) {
        self.tokenURL = tokenURL
        self.exchange = exchange
    }

    package func tokens(for assertion: Secret) async throws(UpstreamFailure) -> OAuthClient.TokenOutcome {
        let form: QueryString = [
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": assertion.text,
        ]
        let response = try await exchange.exchange(
            ProviderRequest(
                method: .post, url: tokenURL,
                headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
                body: Array(form.encoded.utf8)))
        return switch try TokenRequest.outcome(of: response, type: .bearer) {
        case .granted(let tokens): .granted(tokens)
        case .refused(let refusal): .refused(refusal)
        }
    }
}
