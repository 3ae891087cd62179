package import JOSE
import OpenIDConnect
import Web

extension RelyingParty {
    /// Tells the provider that a refresh token is not used any more (RFC 7009 §2.1).
    /// - Returns: `false` where it offers no such endpoint, or refuses.
    package func revoke(refreshToken: Secret) async throws(UpstreamFailure) -> Bool {
        let metadata = try await directory.metadata()
        guard let endpoint = metadata.revocationEndpoint else { return false }
        let authentication = try ClientAuthentication(
            client: client, metadata: metadata, clock: clock, randomness: randomness)
        let parameters = [("token", refreshToken.text), ("token_type_hint", "refresh_token")] + authentication.parameters
        var request = ProviderRequest(
            method: .post, url: endpoint,
            headers: ["content-type": "application/x-www-form-urlencoded", "accept": "application/json"],
            body: Array(QueryString(parameters).encoded.utf8))
        if let authorization = authentication.authorization { request.headers.add("authorization", authorization) }
        let response = try await exchange.exchange(request)
        switch response.status {
        case 200, 204: return true
        case 400..<500 where response.status != 429: return false
        default: throw UpstreamFailure(.status(response.status), "from the revocation endpoint")
        }
    }
}
