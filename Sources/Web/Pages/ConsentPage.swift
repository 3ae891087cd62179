/// Asks somebody whether an application may know what it asks for, in words.
package struct ConsentPage: Sendable {
    package var applicationName: String
    /// Whose data it is.
    package var user: String
    /// Where the form is posted to, with `decisionField`.
    package var action: String
    package var hiddenFields: [HiddenField]
    package var decisionField: String
    package var allow: String
    package var deny: String
    /// Scope values as asked for.
    package var scopes: [String]
    package var formTargets: [FormTarget]
    package var look: PageLook

    package init(
        applicationName: String, user: String, action: String, hiddenFields: [HiddenField], decisionField: String,
        allow: String, deny: String, scopes: [String], formTargets: [FormTarget], look: PageLook
    ) {
        self.applicationName = applicationName
        self.user = user
        self.action = action
        self.hiddenFields = hiddenFields
        self.decisionField = decisionField
        self.allow = allow
        self.deny = deny
        self.scopes = scopes
        self.formTargets = formTargets
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = SSOTexts.of(look.language)
        let heading = texts.consentHeading(applicationName)
        let values: [String: Any] = [
            "heading": heading, "signedInAs": look.texts.signedInAs(user), "sentence": texts.consentSentence,
            "scopes": scopes.map(texts.explanation), "action": action, "hiddenFields": hiddenFields.map(\.values),
            "field": decisionField, "allow": allow, "allowLabel": texts.allow, "deny": deny, "denyLabel": texts.deny,
        ]
        return PageDocument(
            title: heading, content: look.template(.consent, builtIn: Self.template).render(values), look: look,
            formTargets: formTargets
        ).response(status: 200)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{signedInAs}} {{sentence}}</p>
        <ul class="entries">
        {{#scopes}}
        <li><p>{{.}}</p></li>
        {{/scopes}}
        </ul>
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        <button class="button" type="submit" name="{{field}}" value="{{allow}}">{{allowLabel}}</button>
        <button class="button quiet" type="submit" name="{{field}}" value="{{deny}}">{{denyLabel}}</button>
        </form>
        """)
}
