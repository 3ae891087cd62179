package import JOSE
import Web

/// Asks a Kubernetes API server about a token (TokenReview of authentication.k8s.io/v1). Its answer knows of service accounts and
/// pods that are gone, which a token's signature does not.
package struct TokenReview: TokenInquiry {
    private let url: String
    private let audiences: [String]
    private let exchange: any ProviderExchange

    /// - Parameters:
    ///   - server: the API server's base URL, such as `https://kubernetes.default.svc`.
    ///   - audiences: one of these has to be the token's.
    ///   - exchange: sends our own service account's token along.
    package init(server: String, audiences: [String], exchange: any ProviderExchange) {
        let base = server.utf8.last == UInt8(ascii: "/") ? String(server.dropLast()) : server
        url = base + "/apis/authentication.k8s.io/v1/tokenreviews"
        self.audiences = audiences
        self.exchange = exchange
    }

    package func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer {
        let review: JSONValue = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
            "spec": ["token": .string(token.text), "audiences": .strings(audiences)],
        ]
        let response = try await exchange.exchange(
            ProviderRequest(
                method: .post, url: url, headers: ["content-type": "application/json", "accept": "application/json"],
                body: review.jsonBytes))
        guard response.status == 200 || response.status == 201 else {
            throw UpstreamFailure(.status(response.status), "from the TokenReview of the API server")
        }
        guard let status = (try? JSONReader.read(response.body))?.object?["status"]?.object else {
            throw UpstreamFailure(.malformed, "the API server's answer is no TokenReview with a status")
        }
        guard status["authenticated"] == true else { return .inactive }
        return .active(try claims(status))
    }

    /// The user as claims: `sub` is the name, as `system:serviceaccount:<namespace>:<name>`.
    private func claims(_ status: JSONObject) throws(UpstreamFailure) -> JSONObject {
        guard let user = status["user"]?.object, let name = user["username"]?.string else {
            throw UpstreamFailure(.malformed, "the API server's TokenReview names no user")
        }
        var claims = JSONObject([("sub", .string(name))])
        claims["groups"] = user["groups"]
        claims["uid"] = user["uid"]
        // A server that does not know of audiences leaves them out: then it has not checked them either.
        claims["aud"] = status["audiences"] ?? .array([])
        return claims
    }
}
