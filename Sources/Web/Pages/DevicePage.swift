/// Where people let a device in that shows them a code (RFC 8628 §3.3): the code, and after the sign-in the question whether it is
/// theirs. Works without scripts.
package struct DevicePage: Sendable {
    package static let codeField = "user_code"

    package enum Content: Sendable {
        /// - Parameters:
        ///   - code: filled in already.
        ///   - error: a sentence.
        case enter(code: String, error: String?)
        /// - Parameters:
        ///   - user: who has signed in.
        ///   - scopes: what the application wants, as scope values.
        case confirm(application: String, user: String?, code: String, scopes: [String], fields: [HiddenField])
    }

    private let content: Content
    private let action: String
    private let reference: String?
    private let look: PageLook

    /// - Parameters:
    ///   - action: where the form is posted to.
    ///   - reference: what the log has under the same word.
    package init(_ content: Content, action: String, reference: String? = nil, look: PageLook) {
        self.content = content
        self.action = action
        self.reference = reference
        self.look = look
    }

    package func response(status: Int) -> WebResponse {
        let heading: String
        var values: [String: Any] = ["action": action, "referenceLabel": look.texts.reference]
        values["reference"] = reference
        switch content {
        case .enter(let code, let error):
            heading = texts.heading
            values["enter"] = enter(code, error)
            values["error"] = error
        case .confirm(let application, let user, let code, let scopes, let fields):
            heading = texts.question
            values["confirm"] = confirm(application, user, code, scopes, fields)
        }
        values["heading"] = heading
        return PageDocument(
            title: heading, content: look.template(.device, builtIn: Self.template).render(values), look: look
        ).response(status: status)
    }

    private var texts: DeviceTexts { .of(look.language) }

    private func enter(_ code: String, _ error: String?) -> [String: Any] {
        ["sentence": texts.sentence, "label": texts.code, "field": Self.codeField, "code": code, "submit": texts.goOn]
    }

    private func confirm(
        _ application: String, _ user: String?, _ code: String, _ scopes: [String], _ fields: [HiddenField]
    ) -> [String: Any] {
        var values: [String: Any] = [
            "sentence": texts.wants(application, isolated: look.language.direction == .rightToLeft), "code": code,
            "warning": texts.warning, "scopes": scopes.compactMap(texts.scope), "fields": fields.map(\.values),
            "allow": texts.allow, "refuse": texts.refuse,
        ]
        values["signedInAs"] = user.map(look.texts.signedInAs)
        return values
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#error}}
        <p class="alert" id="error" role="alert">{{.}}</p>
        {{/error}}
        {{#enter}}
        <p class="lead">{{sentence}}</p>
        <form method="post" action="{{action}}">
        <div class="field">
        <label for="code">{{label}}</label>
        <input id="code" name="{{field}}" type="text" value="{{code}}" autocomplete="off" autocapitalize="characters" \
        autocorrect="off" spellcheck="false" maxlength="32" required autofocus\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}>
        </div>
        <button class="button" type="submit">{{submit}}</button>
        </form>
        {{/enter}}
        {{#confirm}}
        <p class="lead">{{sentence}}</p>
        <p><strong><code>{{code}}</code></strong></p>
        <p>{{warning}}</p>
        <ul class="scopes">
        {{#scopes}}
        <li>{{.}}</li>
        {{/scopes}}
        </ul>
        {{#signedInAs}}
        <p class="lead">{{.}}</p>
        {{/signedInAs}}
        <form method="post" action="{{action}}">
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <button class="button" type="submit" name="answer" value="allow">{{allow}}</button>
        <button class="button quiet" type="submit" name="answer" value="refuse">{{refuse}}</button>
        </form>
        {{/confirm}}
        {{#reference}}
        <p class="reference">{{referenceLabel}} <code>{{.}}</code></p>
        {{/reference}}
        """)
}
