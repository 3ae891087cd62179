/// What somebody signs in with beside their first factor, with a button each to take it away. Works without scripts.
package struct SecondFactorsPage: Sendable {
    package struct Entry: Sendable {
        package enum Kind: Sendable {
            case app
            case recoveryCodes(left: Int)
            /// With the name that its owner gave it; empty: none.
            case passkey(String)
        }

        package var kind: Kind
        /// RFC 3339.
        package var createdAt: String
        /// RFC 3339; nil: not yet.
        package var lastUsedAt: String?
        /// What its form sends.
        package var fields: [HiddenField]

        package init(kind: Kind, createdAt: String, lastUsedAt: String?, fields: [HiddenField]) {
            self.kind = kind
            self.createdAt = createdAt
            self.lastUsedAt = lastUsedAt
            self.fields = fields
        }
    }

    /// Where the forms are posted to.
    package var action: String
    package var user: String
    package var entries: [Entry]
    /// What the form sends that sets up an authenticator app; nil: there is no such form.
    package var setUpFields: [HiddenField]?
    /// What was refused; nil: nothing.
    package var error: String?
    /// What the log has under the same word.
    package var reference: String?
    /// Makes a passkey; nil: none can be made.
    package var passkey: PasskeyForm?
    package var look: PageLook

    package init(action: String, user: String, entries: [Entry], look: PageLook) {
        self.action = action
        self.user = user
        self.entries = entries
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = SecondFactorTexts.of(look.language)
        var values: [String: Any] = [
            "heading": texts.listHeading, "user": look.texts.signedInAs(user), "action": action,
            "entries": entries.map { row($0, texts) },
        ]
        values["error"] = error
        values["reference"] = reference.map { ["label": look.texts.reference, "text": $0] }
        if entries.isEmpty { values["none"] = texts.none }
        values["setUp"] = setUpFields.map { fields -> [String: Any] in
            ["fields": fields.map(\.values), "label": texts.setUp]
        }
        return PageDocument(
            title: texts.listHeading,
            content: look.template(.secondFactors, builtIn: Self.template).render(values) + (passkey?.html(look) ?? ""),
            look: look, scripts: passkey == nil ? [] : [Assets.passkeyScript]
        ).response(status: error == nil ? 200 : 401)
    }

    private func row(_ entry: Entry, _ texts: SecondFactorTexts) -> [String: Any] {
        var values: [String: Any] = ["day": String(entry.createdAt.prefix(10)), "fields": entry.fields.map(\.values)]
        values["used"] = entry.lastUsedAt.map { texts.lastUsed(String($0.prefix(10))) }
        switch entry.kind {
        case .app: (values["name"], values["button"]) = (texts.app, texts.remove)
        case .passkey(let name):
            (values["name"], values["button"]) = (name.isEmpty ? PasskeyTexts.of(look.language).name : name, texts.remove)
        case .recoveryCodes(let left): (values["name"], values["button"]) = (texts.recoveryCodes(left), texts.newCodes)
        }
        return values
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{user}}</p>
        {{#error}}
        <p class="alert" role="alert">{{.}}</p>
        {{/error}}
        {{#reference}}
        <p class="reference">{{label}} <code>{{text}}</code></p>
        {{/reference}}
        {{#none}}
        <p>{{.}}</p>
        {{/none}}
        <ul class="entries">
        {{#entries}}
        <li>
        <p><strong>{{name}}</strong></p>
        <p class="lead"><time datetime="{{day}}">{{day}}</time>{{#used}} · {{.}}{{/used}}</p>
        <form method="post" action="{{action}}">
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <button class="button quiet" type="submit">{{button}}</button>
        </form>
        </li>
        {{/entries}}
        </ul>
        {{#setUp}}
        <form method="post" action="{{action}}">
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <button class="button" type="submit">{{label}}</button>
        </form>
        {{/setUp}}
        """)
}
