/// Where somebody is signed in, with a button each to end it there.
package struct SessionsPage: Sendable {
    package struct Entry: Sendable {
        /// As `Firefox on Linux`; empty where it is unknown.
        package var device: String
        package var address: String
        package var provider: String
        /// RFC 3339.
        package var createdAt: String
        package var lastUsedAt: String
        /// Whether it is the one that looks.
        package var isCurrent: Bool
        /// Where the form that ends it is posted to.
        package var endAction: String

        package init(
            device: String, address: String, provider: String, createdAt: String, lastUsedAt: String, isCurrent: Bool,
            endAction: String
        ) {
            self.device = device
            self.address = address
            self.provider = provider
            self.createdAt = createdAt
            self.lastUsedAt = lastUsedAt
            self.isCurrent = isCurrent
            self.endAction = endAction
        }
    }

    package var user: String?
    package var entries: [Entry]
    /// nil: there are no others.
    package var endOthersAction: String?
    /// nil: nobody could do that.
    package var endEverywhereAction: String?
    /// Where the answer to a form redirects to: the provider's end-session endpoint.
    package var formTargets: [FormTarget]
    package var look: PageLook

    package init(
        user: String?, entries: [Entry], endOthersAction: String?, endEverywhereAction: String?,
        formTargets: [FormTarget] = [], look: PageLook
    ) {
        self.user = user
        self.entries = entries
        self.endOthersAction = endOthersAction
        self.endEverywhereAction = endEverywhereAction
        self.formTargets = formTargets
        self.look = look
    }

    package func response() -> WebResponse {
        var values: [String: Any] = [
            "heading": texts.heading, "sentence": texts.sentence, "entries": entries.map(row),
        ]
        values["everywhere"] = endEverywhereAction.map { ["action": $0, "label": look.texts.signOutEverywhere] }
        values["signedInAs"] = user.map(look.texts.signedInAs)
        values["others"] = endOthersAction.map { ["action": $0, "label": texts.endOthers] }
        return PageDocument(
            title: texts.heading, content: look.template(.sessions, builtIn: Self.template).render(values), look: look,
            formTargets: formTargets
        ).response(status: 200)
    }

    private var texts: SessionTexts { .of(look.texts.language) }

    private func row(_ entry: Entry) -> [String: Any] {
        var values: [String: Any] = [
            "device": entry.device.isEmpty ? texts.unknownDevice : entry.device, "action": entry.endAction,
            "end": texts.end, "created": Self.moment(texts.created, entry.createdAt),
            "used": Self.moment(texts.used, entry.lastUsedAt),
            "place": [entry.address, entry.provider].filter { !$0.isEmpty }.joined(separator: " · "),
        ]
        if entry.isCurrent { values["current"] = texts.current }
        return values
    }

    /// To the minute: `2026-01-31 23:59 UTC`.
    private static func moment(_ label: String, _ rfc3339: String) -> [String: Any] {
        let text = rfc3339.prefix(10) + " " + rfc3339.dropFirst(11).prefix(5) + " UTC"
        return ["label": label, "machine": rfc3339, "text": String(text)]
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{signedInAs}} {{sentence}}</p>
        <ul class="entries">
        {{#entries}}
        <li>
        <p><strong>{{device}}</strong>{{#current}} <span class="tag">{{.}}</span>{{/current}}</p>
        <p class="lead">{{place}}</p>
        {{#created}}<p class="lead">{{label}} <time datetime="{{machine}}">{{text}}</time></p>{{/created}}
        {{#used}}<p class="lead">{{label}} <time datetime="{{machine}}">{{text}}</time></p>{{/used}}
        <form method="post" action="{{action}}"><button class="button quiet" type="submit">{{end}}</button></form>
        </li>
        {{/entries}}
        </ul>
        {{#others}}
        <form method="post" action="{{action}}"><button class="button" type="submit">{{label}}</button></form>
        {{/others}}
        {{#everywhere}}
        <form method="post" action="{{action}}"><button class="button quiet" type="submit">{{label}}</button></form>
        {{/everywhere}}
        """)
}
