/// What somebody signs in with beside their first factor, with a button each to take it away. Works without scripts.
package struct SecondFactorsPage: Sendable {
    package struct Entry: Sendable {
        package enum Kind: Sendable {
            case app
            case recoveryCodes(left: Int)
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
        if entries.isEmpty { values["none"] = texts.none }
        values["setUp"] = setUpFields.map { fields -> [String: Any] in
            ["fields": fields.map(\.values), "label": texts.setUp]
        }
        return PageDocument(
            title: texts.listHeading, content: look.template(.secondFactors, builtIn: Self.template).render(values), look: look
        ).response(status: 200)
    }

    private func row(_ entry: Entry, _ texts: SecondFactorTexts) -> [String: Any] {
        var values: [String: Any] = ["day": String(entry.createdAt.prefix(10)), "fields": entry.fields.map(\.values)]
        values["used"] = entry.lastUsedAt.map { texts.lastUsed(String($0.prefix(10))) }
        switch entry.kind {
        case .app: (values["name"], values["button"]) = (texts.app, texts.remove)
        case .recoveryCodes(let left): (values["name"], values["button"]) = (texts.recoveryCodes(left), texts.newCodes)
        }
        return values
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{user}}</p>
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
