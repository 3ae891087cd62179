/// Hands an answer over to an application by a form (OAuth 2.0 Form Post Response Mode §2): sends itself where scripts run, and has a
/// button where they do not.
package struct FormPostPage: Sendable {
    private let action: String
    private let fields: [HiddenField]
    private let look: PageLook

    /// - Parameter action: the client's redirect URI.
    package init(action: String, fields: [HiddenField], look: PageLook) {
        self.action = action
        self.fields = fields
        self.look = look
    }

    package func response() -> WebResponse {
        let values: [String: Any] = [
            "heading": look.texts.signIn, "action": action, "fields": fields.map(\.values),
            "submit": DeviceTexts.of(look.language).goOn,
        ]
        return PageDocument(
            title: look.texts.signIn, content: look.template(.formPost, builtIn: Self.template).render(values), look: look,
            formTargets: [FormTarget(url: action)].compactMap { $0 }, scripts: [Assets.formPostScript]
        ).response(status: 200)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <form method="post" action="{{action}}" data-sends-itself>
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        <button class="button" type="submit">{{submit}}</button>
        </form>
        """)
}

extension Assets {
    /// Sends the page's form.
    static let formPostScriptText = """
        "use strict";
        (() => {
          const form = document.querySelector("form[data-sends-itself]");
          if (form) HTMLFormElement.prototype.submit.call(form);
        })();

        """
}
