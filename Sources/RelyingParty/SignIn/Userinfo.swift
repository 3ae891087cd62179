import JOSE
import Web

/// Claims from the userinfo endpoint (OpenID Connect Core §5.3).
enum Userinfo {
    enum Outcome {
        case claims(JSONObject)
        case refused(UserinfoRefusal)
    }

    /// - Parameter subject: of the ID token: another `sub` means that the token was swapped (§5.3.2).
    static func fetch(
        from endpoint: String, accessToken: Secret, subject: String, over exchange: any ProviderExchange
    ) async throws(UpstreamFailure) -> Outcome {
        guard accessToken.bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return .refused(.accessToken) }
        let response = try await exchange.exchange(
            ProviderRequest(
                url: endpoint,
                headers: ["authorization": "Bearer " + accessToken.text, "accept": "application/json"]))
        switch response.status {
        case 200: return try outcome(of: response, subject: subject)
        case 401, 403: return .refused(.accessToken)
        default: throw UpstreamFailure(.status(response.status), "from the userinfo endpoint")
        }
    }

    private static func outcome(of response: ProviderResponse, subject: String) throws(UpstreamFailure) -> Outcome {
        guard isJSON(response.headers.first("content-type")) else { return .refused(.mediaType) }
        guard let claims = (try? JSONReader.read(response.body))?.object else {
            throw UpstreamFailure(.malformed, "the userinfo response is no JSON object")
        }
        guard let named = claims["sub"]?.string, sameBytes(named, subject) else { return .refused(.subject) }
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
    case subject = "sub is missing or not the ID token's"
}
