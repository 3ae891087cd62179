/// Where people choose how they sign in at the provider, when there are several ways.
package struct ConnectorPage: Sendable {
    /// Shown as where the sign-in leads to.
    package var applicationName: String
    /// To the login page of each connector; labelled with the connectors' names.
    package var links: [PageLink]
    package var look: PageLook

    package init(applicationName: String, links: [PageLink], look: PageLook) {
        self.applicationName = applicationName
        self.links = links
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = look.texts
        let values: [String: Any] = [
            "heading": texts.chooseProvider, "lead": texts.continueTo(applicationName),
            "links": links.map { ["label": texts.signInWith($0.label), "href": $0.href] as [String: Any] },
        ]
        return PageDocument(
            title: texts.chooseProvider, applicationName: applicationName,
            content: look.template(.connectors, builtIn: Self.template).render(values), look: look
        ).response(status: 200)
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{lead}}</p>
        <nav class="choices">
        {{#links}}
        <a class="button" href="{{href}}">{{label}}</a>
        {{/links}}
        </nav>
        """)
}
