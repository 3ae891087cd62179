import JOSE
import OpenIDConnect
import Web

/// The answer to an authorization request: a redirect to the client (RFC 6749 §4.1.2), with `iss` (RFC 9207 §2).
struct AuthorizationResponse {
    /// Registered for the client.
    let redirectURI: String
    let state: String?
    let issuer: String

    func code(_ code: Secret) -> WebResponse { redirect([("code", code.text)]) }

    func error(_ error: OAuthError) -> WebResponse {
        redirect([("error", error.code.rawValue), ("error_description", error.description)])
    }

    private func redirect(_ pairs: [(name: String, value: String)]) -> WebResponse {
        var query = QueryString(pairs)
        query.add("state", state)
        query.add("iss", issuer)
        return Redirection.seeOther(query.appending(to: redirectURI))
    }
}

/// A redirect that the browser follows with a GET.
enum Redirection {
    /// - Parameter location: checked: ours, or registered for a client.
    static func seeOther(_ location: String) -> WebResponse {
        WebResponse(
            status: 303, headers: ["location": location, "cache-control": "no-store", "referrer-policy": "no-referrer"])
    }
}
