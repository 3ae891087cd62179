/// A form whose button has the browser use or make a passkey (WebAuthn), and which then sends what came of it as
/// `PasskeyForm.credentialField`. Stands on a page behind its other content, and needs `Assets.passkeyScript`: without scripts, or in a
/// browser that has no passkeys, it says so.
package struct PasskeyForm: Sendable {
    package static let credentialField = "credential"
    package static let labelField = "label"

    package enum Ceremony: Sendable {
        /// Signs in, alone.
        case signIn
        /// Proves again who has signed in.
        case prove
        /// Makes a new one, and asks for its name.
        case create
    }

    package let ceremony: Ceremony
    /// Where the form is posted to.
    package let action: String
    package let hiddenFields: [HiddenField]
    /// The options for the browser (WebAuthn §5.4, §5.5), as JSON.
    package let options: String

    package init(_ ceremony: Ceremony, action: String, hiddenFields: [HiddenField], options: String) {
        self.ceremony = ceremony
        self.action = action
        self.hiddenFields = hiddenFields
        self.options = options
    }

    func html(_ look: PageLook) -> String {
        let texts = PasskeyTexts.of(look.language)
        var values: [String: Any] = [
            "action": action, "hiddenFields": hiddenFields.map(\.values), "options": options,
            "credentialField": Self.credentialField, "needsScript": texts.needsScript, "unsupported": texts.unsupported,
            "failed": texts.failed, "known": texts.known,
        ]
        switch ceremony {
        case .signIn:
            values["submit"] = texts.signIn
            values["isSecond"] = true
        case .prove: values["submit"] = texts.use
        case .create:
            values["submit"] = texts.add
            values["label"] = ["field": Self.labelField, "label": texts.label]
        }
        return Self.template.render(values)
    }

    private static let template = PageTemplate(
        """
        <form class="passkey" method="post" action="{{action}}" data-passkey="{{options}}" data-unsupported="{{unsupported}}" \
        data-failed="{{failed}}" data-known="{{known}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        <input type="hidden" name="{{credentialField}}" value="">
        {{#label}}
        <div class="field">
        <label for="passkey-label">{{label}}</label>
        <input id="passkey-label" name="{{field}}" type="text" maxlength="64" autocomplete="off">
        </div>
        {{/label}}
        <p class="alert" role="alert" hidden></p>
        <noscript><p class="alert">{{needsScript}}</p></noscript>
        <button class="button{{#isSecond}} quiet{{/isSecond}}" type="submit" disabled>{{submit}}</button>
        </form>

        """)
}
