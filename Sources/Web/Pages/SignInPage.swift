/// Where people choose the provider that they sign in at. With one provider it goes on by itself, where scripts run.
///
/// Browsers never send what stands behind the `#` of an address, and lose it at the provider's login page. This page's script adds
/// it to the links, so that the sign-in ends where it began.
package struct SignInPage: Sendable {
    /// To the sign-in at each provider, with `rd` in the query; labelled with the providers' names.
    package var links: [PageLink]
    /// The same for who wants to stay signed in, behind a checkbox; nil: nobody is asked. No form: a browser would hold its
    /// `form-action` against every address that the sign-in leads on to.
    package var rememberedLinks: [PageLink]?
    package var look: PageLook

    package init(links: [PageLink], rememberedLinks: [PageLink]? = nil, look: PageLook) {
        self.links = links
        self.rememberedLinks = rememberedLinks
        self.look = look
    }

    package func response() -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = ["heading": texts.signIn, "links": rows(links)]
        if let rememberedLinks {
            let label = SessionTexts.of(texts.language).rememberMe
            let links = rows(rememberedLinks).map { $0.merging(["note": label]) { $1 } }
            values["remember"] = ["label": label, "links": links] as [String: Any]
        } else if links.count == 1 {
            values["goesOn"] = true
        }
        if links.count > 1 { values["lead"] = texts.chooseProvider }
        return PageDocument(
            title: texts.signIn, content: look.template(.signIn, builtIn: Self.template).render(values), look: look,
            scripts: [Assets.signInScript]
        ).response(status: 200)
    }

    private func rows(_ links: [PageLink]) -> [[String: Any]] {
        links.map { ["label": look.texts.signInWith($0.label), "href": $0.href] }
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#lead}}
        <p class="lead">{{.}}</p>
        {{/lead}}
        {{#remember}}
        <input type="checkbox" id="remember"><label for="remember">{{label}}</label>
        {{/remember}}
        <nav class="choices"{{#goesOn}} data-goes-on{{/goesOn}}>
        {{#links}}
        <a class="button" href="{{href}}">{{label}}</a>
        {{/links}}
        </nav>
        {{#remember}}
        <nav class="choices remembered">
        {{#links}}
        <a class="button" href="{{href}}">{{label}}<span class="unseen"> ({{note}})</span></a>
        {{/links}}
        </nav>
        {{/remember}}
        """)
}
