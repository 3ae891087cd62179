/// The form that asks for a name and a password. Sends them as `LoginPage.loginField` and `LoginPage.passwordField`.
package struct LoginPage: Sendable {
    package static let loginField = "login"
    package static let passwordField = "password"
    /// Sent where the box is ticked.
    package static let rememberField = "remember"

    /// What people sign in with.
    package enum LoginKind: Sendable {
        case email
        case username
        /// With the label of a connector's own, such as "Staff number".
        case labelled(String)
    }

    /// Shown as where the sign-in leads to; nil: not shown.
    package var applicationName: String?
    /// Where the form is posted to.
    package var action: String
    package var hiddenFields: [HiddenField]
    package var loginKind: LoginKind
    /// What was typed before; a password is never given back.
    package var login: String
    /// A sentence, the same for a wrong password and an unknown user.
    package var error: String?
    /// What the log has under the same word; nil: not shown.
    package var reference: String?
    /// Where the answer to the form redirects to: the client's redirect URI.
    package var formTargets: [FormTarget]
    package var look: PageLook
    /// Whether the box is ticked that keeps people signed in; nil: no such box.
    package var remember: Bool?
    /// Whether the page goes on by itself when somebody signs in in another tab: its address is then the form's, with `request`.
    package var goesOnByItself = false
    /// Below the form.
    package var passkey: PasskeyForm?

    package init(
        applicationName: String? = nil, action: String, hiddenFields: [HiddenField] = [], loginKind: LoginKind = .email,
        login: String = "", error: String? = nil, formTargets: [FormTarget] = [], look: PageLook
    ) {
        self.applicationName = applicationName
        self.action = action
        self.hiddenFields = hiddenFields
        self.loginKind = loginKind
        self.login = login
        self.error = error
        self.formTargets = formTargets
        self.look = look
    }

    package func response(status: Int = 200) -> WebResponse {
        let texts = look.texts
        let title = error == nil ? texts.signIn : texts.errorPrefix + texts.signIn
        return PageDocument(
            title: title, applicationName: applicationName,
            content: look.template(.login, builtIn: Self.template).render(values) + (passkey?.html(look) ?? ""), look: look,
            formTargets: formTargets,
            scripts: (goesOnByItself ? [Assets.loginScript] : []) + (passkey == nil ? [] : [Assets.passkeyScript])
        ).response(status: status)
    }

    private var values: [String: Any] {
        let texts = look.texts
        var values: [String: Any] = [
            "heading": texts.signIn, "action": action, "hiddenFields": hiddenFields.map(\.values), "login": login,
            "loginField": Self.loginField, "loginLabel": loginLabel, "passwordField": Self.passwordField,
            "passwordLabel": texts.passwordLabel, "submit": texts.signIn,
            login.isEmpty ? "focusesLogin" : "focusesPassword": true,
        ]
        values["lead"] = applicationName.map(texts.continueTo)
        values["error"] = error
        values["reference"] = reference
        values["referenceLabel"] = texts.reference
        if case .email = loginKind { values["isEmail"] = true }
        if passkey != nil { values["passkeys"] = true }
        values["remember"] = remember.map { isTicked -> [String: Any] in
            let label = SSOTexts.of(look.language).remember
            return isTicked
                ? ["field": Self.rememberField, "label": label, "isTicked": true]
                : ["field": Self.rememberField, "label": label]
        }
        return values
    }

    private var loginLabel: String {
        switch loginKind {
        case .email: look.texts.emailLabel
        case .username: look.texts.usernameLabel
        case .labelled(let label): label
        }
    }
}
