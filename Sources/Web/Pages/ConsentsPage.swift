/// What somebody has allowed which application, with a button each to take it back.
package struct ConsentsPage: Sendable {
    package struct Entry: Sendable {
        package var application: String
        package var user: String
        package var scopes: [String]
        /// RFC 3339.
        package var givenAt: String
        /// What its form sends beside the page's own fields.
        package var fields: [HiddenField]

        package init(application: String, user: String, scopes: [String], givenAt: String, fields: [HiddenField]) {
            self.application = application
            self.user = user
            self.scopes = scopes
            self.givenAt = givenAt
            self.fields = fields
        }
    }

    package var action: String
    package var hiddenFields: [HiddenField]
    package var entries: [Entry]
    package var look: PageLook

    package init(action: String, hiddenFields: [HiddenField], entries: [Entry], look: PageLook) {
        self.action = action
        self.hiddenFields = hiddenFields
        self.entries = entries
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = SSOTexts.of(look.language)
        var values: [String: Any] = [
            "heading": texts.consentsHeading, "action": action, "entries": entries.map { row($0, texts) },
        ]
        if entries.isEmpty { values["none"] = texts.noConsents }
        return PageDocument(
            title: texts.consentsHeading, content: look.template(.consents, builtIn: Self.template).render(values), look: look
        ).response(status: 200)
    }

    private func row(_ entry: Entry, _ texts: SSOTexts) -> [String: Any] {
        [
            "application": entry.application, "user": entry.user, "scopes": entry.scopes.map(texts.explanation),
            "day": String(entry.givenAt.prefix(10)), "fields": (hiddenFields + entry.fields).map(\.values),
            "revoke": texts.takeBack,
        ]
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#none}}
        <p class="lead">{{.}}</p>
        {{/none}}
        <ul class="entries">
        {{#entries}}
        <li>
        <p><strong>{{application}}</strong></p>
        <p class="lead">{{user}} · <time datetime="{{day}}">{{day}}</time></p>
        {{#scopes}}<p class="lead">{{.}}</p>{{/scopes}}
        <form method="post" action="{{action}}">
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <button class="button quiet" type="submit">{{revoke}}</button>
        </form>
        </li>
        {{/entries}}
        </ul>
        """)
}
