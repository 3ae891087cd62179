/// Where people choose the provider that they sign in at. With one provider it goes on by itself, where scripts run.
///
/// Browsers never send what stands behind the `#` of an address, and lose it at the provider's login page. This page's script adds
/// it to the links, so that the sign-in ends where it began.
package struct SignInPage: Sendable {
    /// To the sign-in at each provider, with `rd` in the query; labelled with the providers' names.
    package var links: [PageLink]
    package var look: PageLook

    package init(links: [PageLink], look: PageLook) {
        self.links = links
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = [
            "heading": texts.signIn,
            "links": links.map { ["label": texts.signInWith($0.label), "href": $0.href] as [String: Any] },
        ]
        if links.count == 1 { values["goesOn"] = true } else { values["lead"] = texts.chooseProvider }
        return PageDocument(
            title: texts.signIn, content: look.template(.signIn, builtIn: Self.template).render(values), look: look,
            script: Assets.signInScript
        ).response(status: 200)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#lead}}
        <p class="lead">{{.}}</p>
        {{/lead}}
        <nav class="choices"{{#goesOn}} data-goes-on{{/goesOn}}>
        {{#links}}
        <a class="button" href="{{href}}">{{label}}</a>
        {{/links}}
        </nav>
        """)
}
