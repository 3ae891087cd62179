import JOSE
import Web

/// The sign-in page for one pending sign-in, as one request sees it.
struct SignInForm {
    private static let proofField = "proof"
    private static let maximumFieldBytes = 1024

    let issuer: Issuer
    let signIn: PendingSignIn
    let connector: any PasswordConnector
    let request: WebRequest

    var look: PageLook { issuer.look(for: request, uiLocales: signIn.request.uiLocales) }

    var pages: ProviderPages { ProviderPages(look: look) }

    func page(login: String, error: String? = nil, status: Int = 200) -> WebResponse {
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        var response = LoginPage(
            applicationName: signIn.client.name, action: SignInEndpoint.path(issuer, connector: connector.id),
            hiddenFields: [
                HiddenField(name: SignInEndpoint.requestField, value: signIn.sealed),
                HiddenField(name: Self.proofField, value: cookie.proof(of: signIn.sealed)),
            ],
            loginKind: connector.loginKind,
            login: login.utf8.count <= Self.maximumFieldBytes ? login : "", error: error,
            formTargets: formTargets, look: look
        ).response(status: status)
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    /// Chromium holds every redirect after the post to `form-action`: those to the client, and where the client sends the browser
    /// on to, which is one of its hosts.
    private var formTargets: [FormTarget] {
        ([signIn.request.redirectURI] + signIn.client.redirectURIs).reduce(into: []) { targets, uri in
            if let target = FormTarget(url: uri), !targets.contains(target) { targets.append(target) }
        }
    }

    /// Whether the fields were posted by the browser that was shown this form.
    func isProven(by fields: FormFields) -> Bool {
        guard let proof = fields.first(Self.proofField) else { return false }
        return LoginCookie.all(in: request, issuer: issuer).contains { $0.proves(proof, of: signIn.sealed) }
    }

    /// What is empty or huge never reaches a connector.
    static func isPlausible(login: String, password: Secret) -> Bool {
        (1...maximumFieldBytes).contains(login.utf8.count) && (1...maximumFieldBytes).contains(password.bytes.count)
    }
}
