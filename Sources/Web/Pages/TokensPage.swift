/// One's personal tokens: the list with a form for a new one, what is asked before one is made, and the token itself, once.
package struct TokensPage: Sendable {
    package struct Entry: Sendable {
        package var name: String
        package var isReadOnly: Bool
        /// RFC 3339; nil: never.
        package var expiresAt: String
        package var lastUsedAt: String?
        /// Where the form that revokes it is posted to.
        package var revokeAction: String

        package init(name: String, isReadOnly: Bool, expiresAt: String, lastUsedAt: String?, revokeAction: String) {
            self.name = name
            self.isReadOnly = isReadOnly
            self.expiresAt = expiresAt
            self.lastUsedAt = lastUsedAt
            self.revokeAction = revokeAction
        }
    }

    package enum Content: Sendable {
        /// `days`: the lifetimes that are offered.
        case list([Entry], days: [Int64])
        /// `action`: where the form that makes it is posted to.
        case confirm(name: String, action: String)
        /// The only time that it is shown.
        case created(token: String)
        /// There are as many as one may have.
        case full
    }

    package var user: String?
    package var content: Content
    /// Of the list; the form for a new token is sent there with GET.
    package var ownURL: String
    package var look: PageLook

    package init(user: String?, content: Content, ownURL: String, look: PageLook) {
        self.user = user
        self.content = content
        self.ownURL = ownURL
        self.look = look
    }

    package func response() -> WebResponse {
        var values: [String: Any] = ["heading": texts.heading, "ownURL": ownURL, "back": texts.back]
        values["signedInAs"] = user.map(look.texts.signedInAs)
        switch content {
        case .list(let entries, let days):
            values["list"] = list(entries, days)
        case .confirm(let name, let action):
            values["confirm"] = ["name": name, "action": action, "sentence": texts.confirm, "label": texts.create]
        case .created(let token): values["created"] = ["token": token, "sentence": texts.created]
        case .full: values["full"] = texts.full
        }
        return PageDocument(
            title: texts.heading, content: look.template(.tokens, builtIn: Self.template).render(values), look: look
        ).response(status: 200)
    }

    private var texts: TokenTexts { .of(look.texts.language) }

    private func list(_ entries: [Entry], _ days: [Int64]) -> [String: Any] {
        [
            "sentence": texts.sentence, "entries": entries.map(row), "newToken": texts.newToken, "name": texts.name,
            "access": texts.access, "fullAccess": texts.fullAccess, "readOnly": texts.readOnly, "expires": texts.expires,
            "days": days.map { ["count": String($0), "label": texts.days(Int($0)), "selected": $0 == 30] as [String: Any] },
            "create": texts.create,
        ]
    }

    private func row(_ entry: Entry) -> [String: Any] {
        [
            "name": entry.name, "access": entry.isReadOnly ? texts.readOnly : texts.fullAccess, "action": entry.revokeAction,
            "revoke": texts.revoke, "expires": texts.expires, "expiresAt": Self.moment(entry.expiresAt), "used": texts.used,
            "usedAt": entry.lastUsedAt.map(Self.moment) ?? texts.never,
        ]
    }

    /// To the minute: `2026-01-31 23:59 UTC`.
    private static func moment(_ rfc3339: String) -> String {
        rfc3339.prefix(10) + " " + rfc3339.dropFirst(11).prefix(5) + " UTC"
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#list}}
        <p class="lead">{{signedInAs}} {{sentence}}</p>
        <ul class="entries">
        {{#entries}}
        <li>
        <p><strong>{{name}}</strong> <span class="tag">{{access}}</span></p>
        <p class="lead">{{expires}} {{expiresAt}} · {{used}} {{usedAt}}</p>
        <form method="post" action="{{action}}"><button class="button quiet" type="submit">{{revoke}}</button></form>
        </li>
        {{/entries}}
        </ul>
        <h2>{{newToken}}</h2>
        <form method="get" action="{{ownURL}}">
        <p><label for="name">{{name}}</label><input id="name" name="name" required maxlength="100" autocomplete="off"></p>
        <p><label for="access">{{access}}</label><select id="access" name="access">
        <option value="full">{{fullAccess}}</option><option value="read">{{readOnly}}</option></select></p>
        <p><label for="days">{{expires}}</label><select id="days" name="days">
        {{#days}}
        <option value="{{count}}"{{#selected}} selected{{/selected}}>{{label}}</option>
        {{/days}}
        </select></p>
        <button class="button" type="submit">{{create}}</button>
        </form>
        {{/list}}
        {{#confirm}}
        <p class="lead">{{signedInAs}} {{sentence}}</p>
        <p><strong>{{name}}</strong></p>
        <form method="post" action="{{action}}"><button class="button" type="submit">{{label}}</button></form>
        {{/confirm}}
        {{#created}}
        <p class="lead">{{sentence}}</p>
        <p><code>{{token}}</code></p>
        {{/created}}
        {{#full}}
        <p class="lead">{{.}}</p>
        {{/full}}
        {{^list}}
        <a class="button quiet" href="{{ownURL}}">{{back}}</a>
        {{/list}}
        """)
}
