import JOSE
import OpenIDConnect
import Web

/// One request to the token endpoint: an authorization code or a refresh token against tokens.
struct TokenRequest {
    enum Grant {
        /// RFC 6749 §4.1.3 and RFC 7636 §4.5. `redirectURI` as in the authorization request.
        case authorizationCode(Secret, redirectURI: String, codeVerifier: Secret)
        /// RFC 6749 §6.
        case refreshToken(Secret)
    }

    enum Outcome {
        case granted(TokenResponse)
        case refused(ProviderRefusal)
    }

    let grant: Grant
    let client: ProviderClient
    let metadata: ProviderMetadata

    func send(over exchange: any ProviderExchange) async throws(UpstreamFailure) -> Outcome {
        try Self.outcome(of: await exchange.exchange(request))
    }

    private var request: ProviderRequest {
        let authentication = ClientAuthentication(client: client, metadata: metadata)
        var request = ProviderRequest(
            method: .post, url: metadata.tokenEndpoint,
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString(parameters + authentication.parameters).encoded.utf8))
        if let authorization = authentication.authorization { request.headers.add("authorization", authorization) }
        return request
    }

    private var parameters: [(name: String, value: String)] {
        switch grant {
        case .authorizationCode(let code, let redirectURI, let codeVerifier):
            [
                ("grant_type", "authorization_code"), ("code", code.text), ("redirect_uri", redirectURI),
                ("code_verifier", codeVerifier.text),
            ]
        case .refreshToken(let token): [("grant_type", "refresh_token"), ("refresh_token", token.text)]
        }
    }

    private static func outcome(of response: ProviderResponse) throws(UpstreamFailure) -> Outcome {
        let json = try? JSONReader.read(response.body)
        switch response.status {
        case 200:
            guard let tokens = json.flatMap(TokenResponse.init(json:)) else {
                throw UpstreamFailure(.malformed, "the token response is not one of RFC 6749 §5.1 with token_type Bearer")
            }
            return .granted(tokens)
        // Overload and the provider's own faults are no word about the grant, whatever their body says.
        case 400..<500 where response.status != 429:
            guard let refusal = json.flatMap(ProviderRefusal.init(json:)) else { fallthrough }
            return .refused(refusal)
        default: throw UpstreamFailure(.status(response.status), "from the token endpoint")
        }
    }
}
