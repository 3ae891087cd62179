package import JOSE

/// Who can be asked about a token: the issuer's introspection endpoint, its userinfo endpoint, or a Kubernetes API server.
package protocol TokenInquiry: Sendable {
    func answer(about token: Secret) async throws(UpstreamFailure) -> TokenAnswer
}

package enum TokenAnswer: Sendable {
    /// The token counts; what is said of it, under the names of JWT claims (RFC 7519 §4.1, RFC 7662 §2.2).
    case active(JSONObject)
    case inactive
}
