extension LoginPage {
    /// The login field is no `type="email"`: browsers would refuse names that a directory accepts.
    static let template = PageTemplate(
        """
        <h1>{{heading}}</h1>
        {{#lead}}
        <p class="lead">{{.}}</p>
        {{/lead}}
        {{#error}}
        <p class="alert" id="error" role="alert">{{.}}</p>
        {{/error}}
        <form method="post" action="{{action}}">
        {{#hiddenFields}}
        <input type="hidden" name="{{name}}" value="{{value}}">
        {{/hiddenFields}}
        <div class="field">
        <label for="login">{{loginLabel}}</label>
        <input id="login" name="{{loginField}}" type="text" value="{{login}}" autocomplete="username{{#passkeys}} webauthn{{/passkeys}}" \
        autocapitalize="none" autocorrect="off" spellcheck="false" required\
        {{#isEmail}} inputmode="email"{{/isEmail}}\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}\
        {{#focusesLogin}} autofocus{{/focusesLogin}}>
        </div>
        <div class="field">
        <label for="password">{{passwordLabel}}</label>
        <input id="password" name="{{passwordField}}" type="password" autocomplete="current-password" required\
        {{#error}} aria-invalid="true" aria-describedby="error"{{/error}}\
        {{#focusesPassword}} autofocus{{/focusesPassword}}>
        </div>
        {{#remember}}
        <label class="tick"><input type="checkbox" name="{{field}}" value="1"{{#isTicked}} checked{{/isTicked}}> {{label}}</label>
        {{/remember}}
        <button class="button" type="submit">{{submit}}</button>
        </form>
        {{#reference}}
        <p class="reference">{{referenceLabel}} <code>{{.}}</code></p>
        {{/reference}}
        """)
}
