/// Where somebody chooses among the accounts that are signed in in their browser, or another one.
package struct AccountsPage: Sendable {
    package struct Choice: Sendable {
        /// What the form sends.
        package var value: String
        package var label: String
        /// A second line; nil: none.
        package var name: String?

        package init(value: String, label: String, name: String?) {
            self.value = value
            self.label = label
            self.name = name
        }
    }

    package var applicationName: String
    /// Where the form is posted to, with `choiceField`; empty for another account.
    package var action: String
    package var hiddenFields: [HiddenField]
    package var choiceField: String
    package var choices: [Choice]
    /// Where one signs out.
    package var signOut: String
    package var formTargets: [FormTarget]
    package var look: PageLook

    package init(
        applicationName: String, action: String, hiddenFields: [HiddenField], choiceField: String, choices: [Choice],
        signOut: String, formTargets: [FormTarget], look: PageLook
    ) {
        self.applicationName = applicationName
        self.action = action
        self.hiddenFields = hiddenFields
        self.choiceField = choiceField
        self.choices = choices
        self.signOut = signOut
        self.formTargets = formTargets
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = SSOTexts.of(look.language)
        let values: [String: Any] = [
            "heading": texts.chooseAccount, "lead": look.texts.continueTo(applicationName), "action": action,
            "hiddenFields": hiddenFields.map(\.values), "field": choiceField, "choices": choices.map(row),
            "other": look.texts.switchAccount, "signOut": look.texts.signOut, "signOutURL": signOut,
        ]
        return PageDocument(
            title: texts.chooseAccount, applicationName: applicationName,
            content: look.template(.accounts, builtIn: Self.template).render(values), look: look, formTargets: formTargets
        ).response(status: 200)
    }

    private func row(_ choice: Choice) -> [String: Any] {
        var values: [String: Any] = ["value": choice.value, "label": choice.label]
        values["name"] = choice.name
        return values
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{lead}}</p>
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        {{#choices}}
        <button class="button quiet account" type="submit" name="{{field}}" value="{{value}}">\
        <span>{{label}}</span>{{#name}}<small>{{.}}</small>{{/name}}</button>
        {{/choices}}
        <button class="button" type="submit" name="{{field}}" value="">{{other}}</button>
        </form>
        <p class="reference"><a href="{{signOutURL}}">{{signOut}}</a></p>
        """)
}
