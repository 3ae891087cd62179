package import JOSE

/// Asks a Kubernetes API server about a token (TokenReview of authentication.k8s.io/v1). Its answer knows of service accounts and
/// pods that are gone, which a token's signature does not.
package struct TokenReview: TokenInquiry {
    private let api: KubernetesAPI
    private let audiences: [String]

    /// - Parameter audiences: one of these has to be the token's.
    package init(api: KubernetesAPI, audiences: [String]) {
        self.api = api
        self.audiences = audiences
    }

    package func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer {
        let status = try await api.status(
            ofReview: "TokenReview", in: "authentication.k8s.io", resource: "tokenreviews",
            spec: ["token": .string(token.text), "audiences": .strings(audiences)])
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
