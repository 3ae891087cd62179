/// Where people choose a password: their first one, or another in place of the old one. Works without scripts.
package struct PasswordPage: Sendable {
    package enum Content: Sendable {
        /// - Parameter user: whose account it is.
        case set(user: String)
        /// Asks for the old one, too.
        case change(user: String)
    }

    package static let oldField = "old"
    package static let newField = "new"
    package static let repeatedField = "again"

    package var content: Content
    /// Where the form is posted to.
    package var action: String
    package var hiddenFields: [HiddenField] = []
    /// A sentence about what is wrong.
    package var error: String?
    /// What the log has under the same word; nil: not shown.
    package var reference: String?
    package var look: PageLook

    package init(_ content: Content, action: String, look: PageLook) {
        self.content = content
        self.action = action
        self.look = look
    }

    package func response(status: Int = 200) -> WebResponse {
        let texts = PasswordTexts.of(look.language)
        var values: [String: Any] = [
            "action": action, "hiddenFields": hiddenFields.map(\.values), "newField": Self.newField, "newLabel": texts.new,
            "repeatedField": Self.repeatedField, "repeatedLabel": texts.repeated, "referenceLabel": look.texts.reference,
        ]
        let heading: String
        switch content {
        case .set(let user):
            heading = texts.setHeading
            values["user"] = user
            values["lead"] = texts.setFor(user)
            values["submit"] = texts.set
        case .change(let user):
            heading = texts.changeHeading
            values["user"] = user
            values["lead"] = look.texts.signedInAs(user)
            values["submit"] = texts.change
            values["old"] = ["field": Self.oldField, "label": texts.old]
        }
        values["heading"] = heading
        values["error"] = error
        values["reference"] = reference
        return PageDocument(
            title: error == nil ? heading : look.texts.errorPrefix + heading,
            content: look.template(.password, builtIn: Self.template).render(values), look: look
        ).response(status: status)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{lead}}</p>
        {{#error}}
        <p class="alert" id="error" role="alert">{{.}}</p>
        {{/error}}
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        <input type="text" name="username" value="{{user}}" autocomplete="username" hidden>
        {{#old}}
        <div class="field">
        <label for="old">{{label}}</label>
        <input id="old" name="{{field}}" type="password" autocomplete="current-password" required autofocus\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}>
        </div>
        {{/old}}
        <div class="field">
        <label for="new">{{newLabel}}</label>
        <input id="new" name="{{newField}}" type="password" autocomplete="new-password" required\
        {{^old}} autofocus{{/old}}\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}>
        </div>
        <div class="field">
        <label for="again">{{repeatedLabel}}</label>
        <input id="again" name="{{repeatedField}}" type="password" autocomplete="new-password" required\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}>
        </div>
        <button class="button" type="submit">{{submit}}</button>
        </form>
        {{#reference}}
        <p class="reference">{{referenceLabel}} <code>{{.}}</code></p>
        {{/reference}}
        """)
}
