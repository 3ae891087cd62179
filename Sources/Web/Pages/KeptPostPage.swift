/// What a browser is shown that sent a form without being signed in, up to the button that sends it again. Works without scripts;
/// with them the form waits in the tab's own storage, and is sent again by itself.
package struct KeptPostPage: Sendable {
    package enum State: Sendable {
        /// The form could not be kept.
        case lost(signIn: String)
        /// It is in this page, sealed.
        case keep(kept: String, action: String, signIn: String)
        /// Signed in: it waits in the browser.
        case fetch(action: String)
        /// Here it is.
        case send(action: String, fields: [HiddenField])
    }

    private let state: State
    private let look: PageLook

    package init(_ state: State, look: PageLook) {
        self.state = state
        self.look = look
    }

    package func response(status: Int) -> WebResponse {
        PageDocument(
            title: message.heading, content: look.template(.keptForm, builtIn: Self.template).render(values), look: look,
            scripts: [Assets.keptPostScript]
        ).response(status: status)
    }

    private var texts: KeptPostTexts { .of(look.language) }

    private var message: PageTexts.Message {
        switch state {
        case .lost: texts.lost
        case .keep: texts.kept
        case .fetch: texts.waiting
        case .send: texts.ready
        }
    }

    private var values: [String: Any] {
        var values: [String: Any] = [
            "heading": message.heading, "sentence": message.sentence, "advice": message.advice, "submit": texts.send,
            "signIn": look.texts.signIn,
        ]
        switch state {
        case .lost(let signIn): values["plainLink"] = signIn
        case .keep(let kept, let action, let signIn):
            values["link"] = signIn
            values["form"] = form(action, "keep", [HiddenField(name: "kept", value: kept)], hasButton: true)
        case .fetch(let action): values["form"] = form(action, "fetch", [HiddenField(name: "kept", value: "")], hasButton: false)
        case .send(let action, let fields): values["form"] = form(action, "send", fields, hasButton: true)
        }
        return values
    }

    private func form(_ action: String, _ step: String, _ fields: [HiddenField], hasButton: Bool) -> [String: Any] {
        var form: [String: Any] = ["action": action, "step": step, "fields": fields.map(\.values)]
        form["button"] = hasButton ? texts.send : nil
        return form
    }

    private static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        <p class="lead">{{sentence}}</p>
        <p>{{advice}}</p>
        {{#plainLink}}
        <a class="button" href="{{.}}">{{signIn}}</a>
        {{/plainLink}}
        {{#link}}
        <a class="button" id="sign-in" href="{{.}}" target="_blank" rel="noopener">{{signIn}}</a>
        {{/link}}
        {{#form}}
        <form method="post" action="{{action}}" data-kept="{{step}}">
        {{#fields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/fields}}
        {{#button}}
        <button class="button quiet" type="submit">{{.}}</button>
        {{/button}}
        </form>
        {{/form}}
        """)
}

extension Assets {
    /// Only ever moves the form between its own page, the tab's storage, and the address that it was sent to.
    static let keptPostScriptText = """
        "use strict";
        (() => {
          const form = document.querySelector("form[data-kept]");
          if (!form) return;
          const send = () => HTMLFormElement.prototype.submit.call(form);
          const name = "gatehouse-kept";
          if (form.dataset.kept === "send") return send();
          const field = form.querySelector("input");
          if (form.dataset.kept === "keep") {
            const link = document.getElementById("sign-in");
            link.removeAttribute("target");
            link.addEventListener("click", () => sessionStorage.setItem(name, field.value));
            return;
          }
          const kept = sessionStorage.getItem(name);
          if (!kept) return;
          sessionStorage.removeItem(name);
          field.value = kept;
          send();
        })();

        """
}
