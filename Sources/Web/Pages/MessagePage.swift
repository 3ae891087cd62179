/// Tells what happened and what to do about it: no access, a bad request, an error.
package struct MessagePage: Sendable {
    package var message: PageTexts.Message
    /// What the log has under the same word; nil: not shown.
    package var reference: String?
    package var link: PageLink?
    package var look: PageLook

    package init(
        _ message: PageTexts.Message, reference: String? = nil, link: PageLink? = nil, look: PageLook
    ) {
        self.message = message
        self.reference = reference
        self.link = link
        self.look = look
    }

    /// The status is also on the page where it is that of an error.
    package func response(status: Int) -> WebResponse {
        let texts = look.texts
        var values: [String: Any] = [
            "heading": message.heading, "sentence": message.sentence, "advice": message.advice,
            "referenceLabel": texts.reference,
        ]
        if status >= 400 { values["status"] = texts.errorStatus(status) }
        values["reference"] = reference
        values["link"] = link?.values
        return PageDocument(
            title: message.heading, content: look.template(.message, builtIn: Self.template).render(values), look: look
        ).response(status: status)
    }

    private static let template = PageTemplate(
        """
        {{#status}}
        <p class="status">{{.}}</p>
        {{/status}}
        <h1>{{heading}}</h1>
        <p class="lead">{{sentence}}</p>
        <p>{{advice}}</p>
        {{#link}}
        <a class="button" href="{{href}}">{{label}}</a>
        {{/link}}
        {{#reference}}
        <p class="reference">{{referenceLabel}} <code>{{.}}</code></p>
        {{/reference}}
        """)
}
