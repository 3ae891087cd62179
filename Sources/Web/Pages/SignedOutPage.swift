/// Says that the session has ended.
package struct SignedOutPage: Sendable {
    /// Where one signs in again; nil: no such link.
    package var signIn: PageLink?
    package var look: PageLook

    /// `signInURL`: a path, or an http or https URL.
    package init(signInURL: String?, look: PageLook) {
        signIn = signInURL.flatMap { PageLink(label: look.texts.signInAgain, href: $0) }
        self.look = look
    }

    package func response(status: Int = 200) -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = ["heading": texts.signedOutHeading, "sentence": texts.signedOutSentence]
        values["signIn"] = signIn?.values
        return PageDocument(
            title: texts.signedOutHeading, content: look.template(.signedOut, builtIn: Self.template).render(values), look: look
        ).response(status: status)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{sentence}}</p>
        {{#signIn}}
        <a class="button" href="{{href}}">{{label}}</a>
        {{/signIn}}
        """)
}
