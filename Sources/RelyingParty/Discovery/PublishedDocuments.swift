import JOSE
import Web

/// Where an issuer's metadata are (OpenID Connect Discovery §4.1): a "/" at its end is removed before the path is added.
package func discoveryURL(of issuer: String) -> String {
    let base = issuer.utf8.last == UInt8(ascii: "/") ? String(issuer.dropLast()) : issuer
    return base + "/.well-known/openid-configuration"
}

extension JSONWebKeySet {
    /// The key set that is published at `url` (RFC 7517 §5).
    static func fetched(from url: String, over exchange: any ProviderExchange) async throws(UpstreamFailure) -> JSONWebKeySet {
        guard let keys = JSONWebKeySet(json: try await exchange.json(at: url)) else {
            throw UpstreamFailure(.malformed, "no key set at \(url)")
        }
        return keys
    }
}

extension ProviderExchange {
    /// The JSON document at `url`.
    func json(at url: String) async throws(UpstreamFailure) -> JSONValue {
        let response = try await exchange(ProviderRequest(url: url, headers: ["accept": "application/json"]))
        guard response.status == 200 else { throw UpstreamFailure(.status(response.status), "asked for \(url)") }
        do throws(JSONReader.Refusal) { return try JSONReader.read(response.body) } catch {
            throw UpstreamFailure(.malformed, "\(url) is not JSON: \(error.reason)")
        }
    }
}
