import Accounts
import JOSE
import Web

/// The sign-in page for one pending sign-in, as one request sees it.
struct SignInForm {
    private static let maximumFieldBytes = 1024

    let issuer: Issuer
    let signIn: PendingSignIn
    let connector: any PasswordConnector
    let request: WebRequest
    /// `nil`: none is offered.
    var passkeys: Passkeys?

    var look: PageLook { issuer.look(for: request, uiLocales: signIn.request.uiLocales) }

    var pages: ProviderPages { ProviderPages(look: look) }

    func page(
        login: String, isRemembered: Bool = false, error: String? = nil, reference: Reference? = nil, status: Int = 200
    ) -> WebResponse {
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        var page = LoginPage(
            applicationName: signIn.client.name, action: SignInEndpoint.path(issuer, connector: connector.id),
            hiddenFields: ProvenForm.fields(request: signIn.sealed, about: signIn.sealed, cookie),
            loginKind: connector.loginKind,
            login: login.utf8.count <= Self.maximumFieldBytes ? login : "", error: error,
            formTargets: signIn.flow(request, issuer).formTargets, look: look)
        page.remember = issuer.settings.sessions.remember == .ask ? isRemembered : nil
        page.goesOnByItself = true
        page.reference = reference?.text
        page.passkey = passkeyForm(cookie)
        var response = page.response(status: status)
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    private func passkeyForm(_ cookie: LoginCookie) -> PasskeyForm? {
        try? passkeys?.signInForm(
            action: PasskeySignInEndpoint.path(issuer, connector: connector.id), connectorID: connector.id,
            hiddenFields: ProvenForm.fields(request: signIn.sealed, about: signIn.sealed, cookie), cookie)
    }

    /// The browser that was shown the form with these fields; `nil` where another sent them.
    func browser(provenBy fields: FormFields) -> LoginCookie? {
        ProvenForm.browser(of: fields, about: signIn.sealed, in: request, issuer: issuer)
    }

    /// Whether the browser keeps the session when it is closed.
    func isRemembered(_ fields: FormFields) -> Bool {
        switch issuer.settings.sessions.remember {
        case .always: true
        case .never: false
        case .ask: fields.first(LoginPage.rememberField) != nil
        }
    }

    /// What is empty or huge never reaches a connector.
    static func isPlausible(login: String, password: Secret) -> Bool {
        (1...maximumFieldBytes).contains(login.utf8.count) && (1...maximumFieldBytes).contains(password.bytes.count)
    }
}
