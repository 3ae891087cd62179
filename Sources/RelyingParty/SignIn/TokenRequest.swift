import JOSE
import OpenIDConnect
import Web

/// One request to the token endpoint: an authorization code or a refresh token against tokens.
struct TokenRequest {
    enum Grant {
        /// RFC 6749 §4.1.3 and RFC 7636 §4.5. `redirectURI` as in the authorization request.
        case authorizationCode(Secret, redirectURI: String, codeVerifier: Secret)
        /// RFC 8628 §3.4.
        case deviceCode(Secret)
        /// RFC 6749 §6.
        case refreshToken(Secret)
    }

    enum Outcome {
        case granted(TokenResponse)
        case refused(ProviderRefusal)
    }

    let grant: Grant

    func send(as party: RelyingParty) async throws(UpstreamFailure) -> Outcome {
        let metadata = try await party.directory.metadata()
        let response = try await party.post(
            parameters, to: metadata.tokenEndpoint, alias: "token_endpoint", metadata: metadata)
        return try Self.outcome(of: response, type: party.client.dpopKey == nil ? .bearer : .dpop)
    }

    var parameters: [(name: String, value: String)] {
        switch grant {
        case .authorizationCode(let code, let redirectURI, let codeVerifier):
            [
                ("grant_type", "authorization_code"), ("code", code.text), ("redirect_uri", redirectURI),
                ("code_verifier", codeVerifier.text),
            ]
        case .deviceCode(let code):
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", code.text)]
        case .refreshToken(let token): [("grant_type", "refresh_token"), ("refresh_token", token.text)]
        }
    }

    static func outcome(
        of response: ProviderResponse, type: TokenResponse.TokenType
    ) throws(UpstreamFailure) -> Outcome {
        let json = try? JSONReader.read(response.body)
        switch response.status {
        case 200:
            // A bearer token in place of a bound one would be anybody's who finds it (RFC 9449 §5).
            guard let tokens = json.flatMap(TokenResponse.init(json:)), tokens.tokenType == type else {
                // GitHub says so also where it refuses.
                if let refusal = json.flatMap(ProviderRefusal.init(json:)) { return .refused(refusal) }
                throw UpstreamFailure(
                    .malformed, "the token response is not one of RFC 6749 §5.1 with token_type \(type.rawValue)")
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
