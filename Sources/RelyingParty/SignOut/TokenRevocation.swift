package import JOSE
import OpenIDConnect

extension RelyingParty {
    /// Tells the provider that a refresh token is not used any more (RFC 7009 §2.1).
    /// - Returns: `false` where it offers no such endpoint, or refuses.
    package func revoke(refreshToken: Secret) async throws(UpstreamFailure) -> Bool {
        let metadata = try await directory.metadata()
        guard let endpoint = metadata.revocationEndpoint else { return false }
        let response = try await post(
            [(name: "token", value: refreshToken.text), (name: "token_type_hint", value: "refresh_token")], to: endpoint,
            alias: "revocation_endpoint", metadata: metadata)
        switch response.status {
        case 200, 204: return true
        case 400..<500 where response.status != 429: return false
        default: throw UpstreamFailure(.status(response.status), "from the revocation endpoint")
        }
    }
}
