import JOSE
import OpenIDConnect
import Web

/// How an answer reaches the client (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode §2).
enum ResponseMode: String, Sendable, CaseIterable {
    case query
    case fragment
    /// By a form that the browser posts: codes then stand in no address.
    case formPost = "form_post"
}

/// The answer to an authorization request (RFC 6749 §4.1.2), with `iss` (RFC 9207 §2).
struct AuthorizationResponse {
    /// Registered for the client.
    let redirectURI: String
    let state: String?
    let issuer: String
    var mode = ResponseMode.query
    /// Of the page whose form is posted.
    var look: PageLook?

    func code(_ code: Secret) -> WebResponse { send([("code", code.text)]) }

    func error(_ error: OAuthError) -> WebResponse {
        send([("error", error.code.rawValue), ("error_description", error.description)])
    }

    private func send(_ pairs: [(name: String, value: String)]) -> WebResponse {
        let state = state.map { [(name: "state", value: $0)] } ?? []
        let parameters = pairs + state + [(name: "iss", value: issuer)]
        switch mode {
        case .query: return Redirection.seeOther(QueryString(parameters).appending(to: redirectURI))
        case .fragment: return Redirection.seeOther(redirectURI + "#" + QueryString(parameters).encoded)
        case .formPost:
            let fields = parameters.map { HiddenField(name: $0.name, value: $0.value) }
            return FormPostPage(action: redirectURI, fields: fields, look: look ?? PageLook(assetsPath: "")).response()
        }
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
