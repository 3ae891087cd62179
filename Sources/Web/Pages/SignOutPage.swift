/// Asks before signing out: a GET from an image tag must end no session.
package struct SignOutPage: Sendable {
    /// Shown so that people see whose session it is; nil: not shown.
    package var user: String?
    /// Where the form is posted to.
    package var action: String
    /// Where the form is posted to that ends the sessions of all devices; nil: no such button.
    package var everywhereAction: String?
    package var hiddenFields: [HiddenField]
    /// Where those go who stay signed in; nil: no such link.
    package var stay: PageLink?
    /// Where the answer to the form redirects to: the provider's end-session endpoint.
    package var formTargets: [FormTarget]
    package var look: PageLook

    /// `stayPath` leads those back who stay signed in.
    package init(
        user: String? = nil, action: String, everywhereAction: String? = nil, hiddenFields: [HiddenField] = [],
        stayPath: String? = nil,
        formTargets: [FormTarget] = [], look: PageLook
    ) {
        self.user = user
        self.action = action
        self.everywhereAction = everywhereAction
        self.hiddenFields = hiddenFields
        stay = stayPath.flatMap { PageLink(label: look.texts.staySignedIn, href: $0) }
        self.formTargets = formTargets
        self.look = look
    }

    package func response(status: Int = 200) -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = [
            "heading": texts.signOutHeading, "sentence": texts.signOutSentence, "action": action,
            "hiddenFields": hiddenFields.map(\.values), "submit": texts.signOut,
        ]
        values["signedInAs"] = user.map(texts.signedInAs)
        values["everywhere"] = everywhereAction.map { ["action": $0, "label": texts.signOutEverywhere] }
        values["stay"] = stay?.values
        return PageDocument(
            title: texts.signOut, content: look.template(.signOut, builtIn: Self.template).render(values), look: look,
            formTargets: formTargets
        ).response(status: status)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{signedInAs}} {{sentence}}</p>
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        <button class="button" type="submit">{{submit}}</button>
        {{#everywhere}}
        <button class="button quiet" type="submit" formaction="{{action}}">{{label}}</button>
        {{/everywhere}}
        </form>
        {{#stay}}
        <a class="button quiet" href="{{href}}">{{label}}</a>
        {{/stay}}
        """)
}
