import JOSE
import Web

/// Claims from the userinfo endpoint (OpenID Connect Core §5.3).
enum Userinfo {
    enum Outcome {
        case claims(JSONObject)
        case refused(UserinfoRefusal)
    }

    /// - Parameters:
    ///   - subject: of the ID token: another `sub` means that the token was swapped (§5.3.2). `nil`: nothing is known of it yet.
    ///   - proofs: where the access token is bound to a key (RFC 9449 §7).
    static func fetch(
        from endpoint: String, accessToken: Secret, subject: String?, over exchange: any ProviderExchange, proofs: DPoPProofs?
    ) async throws(UpstreamFailure) -> Outcome {
        guard accessToken.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return .refused(.accessToken) }
        let request = try request(endpoint, accessToken, proofs)
        var response = try await exchange.exchange(request)
        if let proofs, proofs.takeNonce(of: response, to: request) {
            response = try await exchange.exchange(self.request(endpoint, accessToken, proofs))
        }
        switch response.status {
        case 200: return try outcome(of: response, subject: subject)
        case 401, 403: return .refused(.accessToken)
        default: throw UpstreamFailure(.status(response.status), "from the userinfo endpoint")
        }
    }

    private static func request(
        _ endpoint: String, _ accessToken: Secret, _ proofs: DPoPProofs?
    ) throws(UpstreamFailure) -> ProviderRequest {
        var request = ProviderRequest(url: endpoint, headers: ["accept": "application/json"])
        request.headers.add("authorization", (proofs == nil ? "Bearer " : "DPoP ") + accessToken.text)
        if let proofs { request.headers.add("dpop", try proofs.proof(for: request, accessToken: accessToken)) }
        return request
    }

    private static func outcome(of response: ProviderResponse, subject: String?) throws(UpstreamFailure) -> Outcome {
        guard isJSON(response.headers.first("content-type")) else { return .refused(.mediaType) }
        guard let claims = (try? JSONReader.read(response.body))?.object else {
            throw UpstreamFailure(.malformed, "the userinfo response is no JSON object")
        }
        guard let named = claims["sub"]?.string, !named.isEmpty, sameBytes(named, subject ?? named) else {
            return .refused(.subject)
        }
        return .claims(claims)
    }

    private static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.utf8.split(separator: UInt8(ascii: ";")).first else { return false }
        let name = String(decoding: type, as: UTF8.self).lowercased().utf8.filter { $0 != 0x20 && $0 != 0x09 }
        return name.elementsEqual("application/json".utf8)
    }
}

/// Why the claims of the userinfo endpoint are not taken.
package enum UserinfoRefusal: String, Sendable {
    case accessToken = "the access token is not accepted"
    case mediaType = "the response is not application/json"
    case subject = "sub is missing or not the token's"
}
