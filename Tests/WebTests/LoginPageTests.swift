import Testing
import Web

struct LoginPageTests {
    @Test func labelsAreBoundToTheirFields() {
        let html = page().response().html
        #expect(html.contains("<label for=\"login\">E-mail address</label>\n<input id=\"login\" name=\"login\" type=\"text\""))
        #expect(
            html.contains("<label for=\"password\">Password</label>\n<input id=\"password\" name=\"password\" type=\"password\""))
    }

    @Test func passwordManagersKnowTheFields() {
        let html = page().response().html
        #expect(html.contains("autocomplete=\"username\""))
        #expect(html.contains("autocomplete=\"current-password\""))
    }

    @Test func browsersFillInPasskeysWhereThereAreSome() {
        var offering = page()
        offering.passkey = PasskeyForm(.signIn, action: "/passkey", hiddenFields: [], options: "{}")
        #expect(offering.response().html.contains("autocomplete=\"username webauthn\""))
        #expect(!page().response().html.contains("webauthn"))
    }

    @Test(arguments: [("", "login"), ("bob@example.com", "password")])
    func firstEmptyFieldHasTheFocus(login: String, focused: String) throws {
        let inputs = page(login: login).response().html.split(separator: "\n").filter { $0.contains(" autofocus") }
        #expect(inputs.count == 1)
        #expect(try #require(inputs.first).hasPrefix("<input id=\"\(focused)\""))
    }

    @Test func errorIsAnnouncedAndBoundToTheFields() {
        let html = page(login: "bob@example.com", error: "Not right.").response(status: 401).html
        #expect(html.contains("<p class=\"alert\" id=\"error\" role=\"alert\">Not right.</p>"))
        #expect(html.components(of: "aria-invalid=\"true\" aria-describedby=\"error\"") == 2)
        #expect(html.contains("<title>Error: Sign in · Dashboard</title>"))
        #expect(html.contains("value=\"bob@example.com\""))
    }

    @Test func withoutErrorThereIsNoAlert() {
        let html = page().response().html
        #expect(!html.contains("role=\"alert\"") && !html.contains("aria-invalid"))
    }

    @Test(arguments: [
        (LoginPage.LoginKind.email, "E-mail address", true), (.username, "User name", false),
        (.labelled("Staff number"), "Staff number", false),
    ])
    func labelSaysWhatToTypeIn(kind: LoginPage.LoginKind, label: String, isEmail: Bool) {
        var page = page()
        page.loginKind = kind
        let html = page.response().html
        #expect(html.contains("<label for=\"login\">\(label)</label>"))
        #expect(html.contains("inputmode=\"email\"") == isEmail)
    }

    @Test func formCarriesItsActionAndHiddenFields() {
        let html = page().response().html
        #expect(html.contains("<form method=\"post\" action=\"/dex/auth/local/login?a=1&amp;b=2\">"))
        #expect(html.contains("<input type=\"hidden\" name=\"state\" value=\"s&quot;1\">"))
    }

    @Test func formMayLeadToTheClient() throws {
        var page = page()
        page.formTargets = [try #require(FormTarget(url: "https://app.example/callback"))]
        let policy = try #require(page.response().headers.first("content-security-policy"))
        #expect(policy.contains("form-action 'self' https://app.example;"))
    }

    private func page(login: String = "", error: String? = nil) -> LoginPage {
        LoginPage(
            applicationName: "Dashboard", action: "/dex/auth/local/login?a=1&b=2",
            hiddenFields: [HiddenField(name: "state", value: "s\"1")], login: login, error: error,
            look: PageLook(assetsPath: "/dex/assets"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
