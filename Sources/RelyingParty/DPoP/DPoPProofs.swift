import JOSE
import Synchronization
import Web

/// Makes the proofs that one key is held (RFC 9449 §4), with the newest nonce of each endpoint.
final class DPoPProofs: Sendable {
    private let key: SigningKey
    private let clock: WallClock
    private let randomness: Randomness
    /// By endpoint: these come from the configuration and the metadata, so there are few.
    private let nonces = Mutex<[String: String]>([:])

    init(key: SigningKey, clock: WallClock, randomness: Randomness) {
        self.key = key
        self.clock = clock
        self.randomness = randomness
    }

    /// `dpop_jkt`, which ties an authorization code to the key (§10).
    var thumbprint: String { key.published.key.thumbprint }

    /// The value of the `DPoP` header for one request.
    /// - Parameter accessToken: that goes with the request, for `ath`.
    func proof(for request: ProviderRequest, accessToken: Secret? = nil) throws(UpstreamFailure) -> String {
        let url = request.url.prefix { $0 != "?" && $0 != "#" }
        var claims = JSONObject([
            ("jti", .string(randomness.token(16))), ("htm", .string(request.method.rawValue)), ("htu", .string(String(url))),
            ("iat", .integer(clock.now.seconds)),
        ])
        claims["nonce"] = nonces.withLock { $0[request.url] }.map { .string($0) }
        claims["ath"] = accessToken.map { .string(Base64URL.encode(sha256($0.bytes))) }
        let header = JSONObject([("typ", "dpop+jwt"), ("jwk", .object(key.published.key.members))])
        guard let token = try? JSONWebSignature.sign(claims, header: header, with: key) else {
            throw UpstreamFailure(.unreachable, "the DPoP proof could not be signed")
        }
        return token
    }

    /// Keeps the nonce that a response brings (§8).
    /// - Returns: whether the request was refused for want of that nonce, and is worth sending once more.
    func takeNonce(of response: ProviderResponse, to request: ProviderRequest) -> Bool {
        guard let nonce = response.headers.first("dpop-nonce"), (1...256).contains(nonce.utf8.count) else { return false }
        let isNew = nonces.withLock { nonces in
            defer { nonces[request.url] = nonce }
            return nonces[request.url] != nonce
        }
        return isNew && Self.asksForNonce(response)
    }

    private static func asksForNonce(_ response: ProviderResponse) -> Bool {
        if response.status == 401 {
            return response.headers.all("www-authenticate").contains { $0.contains("use_dpop_nonce") }
                || (try? JSONReader.read(response.body))?.object?["error"] == "use_dpop_nonce"
        }
        return response.status == 400 && (try? JSONReader.read(response.body))?.object?["error"] == "use_dpop_nonce"
    }
}
