import Testing
import Web

private let look = PageLook(assetsPath: "/a")

/// Every page, with text from outside wherever it may come from outside.
private func pages(_ text: String) -> [WebResponse] {
    let hidden = [HiddenField(name: text, value: text)]
    let message = PageTexts.Message(heading: text, sentence: text, advice: text)
    return [
        LoginPage(
            applicationName: text, action: text, hiddenFields: hidden, loginKind: .labelled(text), login: text,
            error: text, look: look
        ).response(),
        SignOutPage(user: text, action: text, hiddenFields: hidden, stayPath: "/" + text, look: look).response(),
        SignedOutPage(signInURL: "/" + text, look: look).response(),
        SecondFactorPage(.enrolment(key: text, uri: text), action: text, hiddenFields: hidden, look: look).response(),
        SecondFactorPage(.recoveryCodes([text]), action: text, hiddenFields: hidden, look: look).response(),
        MessagePage(message, reference: text, link: PageLink(label: text, href: "/" + text), look: look)
            .response(status: 403),
    ]
}

/// One Character that holds a whole `"`.
private let accentedQuote = "\"\u{301}"

struct PagesTests {
    @Test(arguments: 0..<6, ["<script>", "\"\u{301}><script>", "'>\u{338}<script>", "</title><script>", "\" autofocus x=\""])
    func textIsEscaped(page: Int, text: String) {
        let html = pages(text)[page].html
        #expect(!html.contains("<script"))
        #expect(!html.utf8Contains(accentedQuote))
        #expect(!html.contains("\" autofocus x="))
    }

    @Test(arguments: 0..<6)
    func documentIsWellMade(page: Int) {
        let response = pages("x")[page]
        #expect(response.headers.all("content-type") == ["text/html; charset=utf-8"])
        #expect(response.html.hasPrefix("<!doctype html>\n<html lang=\"en\" dir=\"ltr\">"))
        #expect(response.html.contains("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"))
        #expect(response.html.contains("<meta name=\"robots\" content=\"noindex, nofollow\">"))
        #expect(response.html.contains("href=\"/a/\(Assets.stylesheet.name)\""))
        #expect(response.html.contains("src=\"/a/\(Assets.logo.name)\""))
        #expect(!response.html.contains("{{"))
    }

    @Test(arguments: 0..<6)
    func nothingIsInline(page: Int) {
        let html = pages("x")[page].html
        #expect(
            !html.contains("<script") && !html.contains("<style") && !html.contains(" style=") && !html.contains(#/ on[a-z]+=/#))
    }

    @Test func signOutFormPosts() {
        let page = SignOutPage(
            user: "bob@example.com", action: "/out", hiddenFields: [HiddenField(name: "csrf", value: "t")], stayPath: "/",
            look: look)
        let html = page.response().html
        #expect(html.contains("<form method=\"post\" action=\"/out\">\n<input type=\"hidden\" name=\"csrf\" value=\"t\">"))
        #expect(html.contains("You are signed in as bob@example.com."))
        #expect(html.contains("<a class=\"button quiet\" href=\"/\">Stay signed in</a>"))
    }

    @Test func signedOutPageLinksBack() {
        let html = SignedOutPage(signInURL: "https://app.example/in?a=1&b=2", look: look).response().html
        #expect(html.contains("<a class=\"button\" href=\"https://app.example/in?a=1&amp;b=2\">Sign in again</a>"))
    }

    @Test func messagePageTellsAll() {
        let link = PageLink(label: "Start", href: "/")
        let page = MessagePage(PageTexts.english.notAllowed, reference: "r-1", link: link, look: look)
        let response = page.response(status: 403)
        #expect(response.status == 403)
        for part in ["Error 403", "You have no access to this page", "<code>r-1</code>", "href=\"/\">Start</a>"] {
            #expect(response.html.contains(part))
        }
    }

    @Test func messagePageLeavesOutWhatThereIsNot() {
        let html = MessagePage(PageTexts.english.notFound, look: look).response(status: 200).html
        #expect(!html.contains("class=\"status\"") && !html.contains("<code>") && !html.contains("<a "))
    }

    @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "", "x", " /", "\tjavascript:x", "https:x"])
    func linksLeadToPagesOnly(href: String) {
        #expect(PageLink(label: "x", href: href) == nil)
    }

    @Test func pageIsInTheLanguageOfItsReader() {
        let look = PageLook(assetsPath: "/a", language: .arabic)
        let response = LoginPage(applicationName: "App", action: "/", look: look).response()
        #expect(response.html.contains("<html lang=\"ar\" dir=\"rtl\">"))
        #expect(response.html.contains("<h1>تسجيل الدخول</h1>"))
        #expect(response.headers.all("content-language") == ["ar"])
        #expect(response.headers.all("vary") == ["accept-language"])
    }

    /// A Latin name in an Arabic sentence keeps its own direction.
    @Test func namesAreIsolatedInRightToLeftSentences() {
        let look = PageLook(assetsPath: "/a", language: .arabic)
        let html = SignOutPage(user: "bob@example.com", action: "/", look: look).response().html
        #expect(html.contains("\u{2068}bob@example.com\u{2069}"))
    }
}

extension WebResponse {
    var html: String { String(decoding: body, as: UTF8.self) }
}

extension String {
    fileprivate func utf8Contains(_ other: String) -> Bool {
        let bytes = Array(utf8)
        let part = Array(other.utf8)
        return bytes.indices.contains { bytes[$0...].starts(with: part) }
    }
}
