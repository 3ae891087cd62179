/// Where somebody gives their second factor, sets one up, or reads their new recovery codes. Works without scripts.
package struct SecondFactorPage: Sendable {
    package static let codeField = "code"

    package enum Content: Sendable {
        /// Asks for a code.
        case code
        /// Shows the key of an authenticator app, and asks for a code that the app makes with it.
        /// - Parameters:
        ///   - key: in base32.
        ///   - uri: what the picture says.
        case enrolment(key: String, uri: String)
        /// Shows codes, once; the form only goes on.
        case recoveryCodes([String])
    }

    /// Why a code was not accepted. `reference` is what the log has, too.
    package enum Problem: Sendable {
        case wrong(reference: String)
        /// A passkey, with what is said about it.
        case passkey(String, reference: String)
        case tooMany(retryAfter: Int64, reference: String)
    }

    package var content: Content
    /// Where the form is posted to.
    package var action: String
    package var hiddenFields: [HiddenField]
    /// Whose second factor it is; nil: not shown.
    package var user: String?
    /// In place of what asks for a code.
    package var heading: String?
    package var sentence: String?
    /// Where it goes on, in place of the form.
    package var link: String?
    package var problem: Problem?
    /// Where one signs out who cannot give it; nil: nobody is signed in yet.
    package var signOut: String?
    /// Below the form.
    package var passkey: PasskeyForm?
    /// Where the answer to the form redirects to.
    package var formTargets: [FormTarget] = []
    package var look: PageLook

    package init(_ content: Content, action: String, hiddenFields: [HiddenField], look: PageLook) {
        self.content = content
        self.action = action
        self.hiddenFields = hiddenFields
        self.look = look
    }

    package func response() -> WebResponse {
        let heading = heading ?? usualHeading
        var response = PageDocument(
            title: problem == nil ? heading : look.texts.errorPrefix + heading,
            content: look.template(.secondFactor, builtIn: Self.template).render(values) + (passkey?.html(look) ?? ""),
            look: look, formTargets: formTargets, scripts: passkey == nil ? [] : [Assets.passkeyScript]
        ).response(status: status)
        if case .tooMany(let seconds, _)? = problem { response.headers.add("retry-after", "\(seconds)") }
        return response
    }

    private var texts: SecondFactorTexts { .of(look.language) }

    private var status: Int {
        switch problem {
        case nil: 200
        case .wrong, .passkey: 401
        case .tooMany: 429
        }
    }

    private var usualHeading: String {
        switch content {
        case .code: texts.codeHeading
        case .enrolment: texts.enrolmentHeading
        case .recoveryCodes: texts.recoveryHeading
        }
    }

    private var values: [String: Any] {
        var values: [String: Any] = [
            "heading": heading ?? usualHeading, "action": action, "hiddenFields": hiddenFields.map(\.values),
            "submit": texts.goOn,
            "referenceLabel": look.texts.reference,
        ]
        values["user"] = user
        values["link"] = link
        values["signOut"] = signOut.map { ["href": $0, "label": look.texts.signOut] }
        values["form"] = link == nil
        switch content {
        case .code:
            values["sentence"] = sentence ?? texts.codeSentence
            values["code"] = ["field": Self.codeField, "label": texts.code]
        case .enrolment(let key, let uri):
            values["sentence"] = texts.enrolmentSentence
            values["code"] = ["field": Self.codeField, "label": texts.code]
            values["enrolment"] = enrolment(key, uri)
        case .recoveryCodes(let codes):
            values["sentence"] = texts.recoverySentence
            values["list"] = ["codes": codes]
        }
        switch problem {
        case nil: break
        case .wrong(let reference):
            values["error"] = texts.wrongCode
            values["reference"] = reference
        case .passkey(let sentence, let reference):
            values["error"] = sentence
            values["reference"] = reference
        case .tooMany(let seconds, let reference):
            values["error"] = texts.tryAgain(in: seconds)
            values["reference"] = reference
        }
        return values
    }

    private func enrolment(_ key: String, _ uri: String) -> [String: Any] {
        let letters = Array(key.utf8)
        let groups = stride(from: 0, to: letters.count, by: 4).map { start in
            String(decoding: letters[start..<min(start + 4, letters.count)], as: UTF8.self)
        }
        var values: [String: Any] = ["keyLabel": texts.key, "key": groups.joined(separator: " "), "uri": uri]
        values["picture"] = QRCode(uri).map { code -> [String: Any] in
            ["width": code.width, "path": code.path, "label": texts.picture]
        }
        return values
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#user}}
        <p class="lead">{{.}}</p>
        {{/user}}
        <p>{{sentence}}</p>
        {{#error}}
        <p class="alert" id="error" role="alert">{{.}}</p>
        {{/error}}
        {{#enrolment}}
        {{#picture}}
        <svg class="picture" role="img" aria-label="{{label}}" viewBox="0 0 {{width}} {{width}}" shape-rendering="crispEdges">\
        <rect width="{{width}}" height="{{width}}" fill="#fff"/><path d="{{path}}" fill="#000"/></svg>
        {{/picture}}
        <p class="lead">{{keyLabel}} <a href="{{uri}}"><code>{{key}}</code></a></p>
        {{/enrolment}}
        {{#list}}
        <ul class="codes">
        {{#codes}}
        <li><code>{{.}}</code></li>
        {{/codes}}
        </ul>
        {{/list}}
        {{#link}}
        <a class="button" href="{{.}}">{{submit}}</a>
        {{/link}}
        {{#form}}
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        {{#code}}
        <div class="field">
        <label for="code">{{label}}</label>
        <input id="code" name="{{field}}" type="text" autocomplete="one-time-code" autocapitalize="none" autocorrect="off" \
        spellcheck="false" maxlength="64" required autofocus{{#error}} aria-invalid="true" aria-describedby="error"{{/error}}>
        </div>
        {{/code}}
        <button class="button" type="submit">{{submit}}</button>
        </form>
        {{/form}}
        {{#signOut}}
        <p class="reference"><a href="{{href}}">{{label}}</a></p>
        {{/signOut}}
        {{#reference}}
        <p class="reference">{{referenceLabel}} <code>{{.}}</code></p>
        {{/reference}}
        """)
}
