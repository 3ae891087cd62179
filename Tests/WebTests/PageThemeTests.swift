import Testing
import Web

struct PageThemeTests {
    private func theme(_ files: [(String, String)]) -> Result<PageTheme, ThemeProblems> {
        PageTheme.read(files.map { ThemeFile(path: $0.0, bytes: Array($0.1.utf8)) })
    }

    private func problems(_ files: [(String, String)]) -> [ThemeProblem] {
        if case .failure(let problems) = theme(files) { problems.all } else { [] }
    }

    @Test func anEmptyThemeIsOurDesign() throws {
        let theme = try theme([]).get()
        #expect(theme.stylesheet.name == PageTheme.builtIn.stylesheet.name)
        #expect(theme.logo.name == PageTheme.builtIn.logo.name)
    }

    @Test func itsStylesheetHasTheLastWord() throws {
        let theme = try theme([("theme.css", ":root { --accent: #036; }\n")]).get()
        let css = String(decoding: theme.stylesheet.bytes, as: UTF8.self)
        #expect(css.hasPrefix(String(decoding: PageTheme.builtIn.stylesheet.bytes, as: UTF8.self)))
        #expect(css.hasSuffix(":root { --accent: #036; }\n"))
        #expect(theme.stylesheet.name != PageTheme.builtIn.stylesheet.name)
        #expect(theme.response(for: theme.stylesheet.name)?.status == 200)
        #expect(theme.response(for: PageTheme.builtIn.stylesheet.name) == nil)
    }

    @Test func itsTemplatesLogoAndFilesAreUsed() throws {
        let theme = try theme([
            ("logo.png", "png"), ("files/back.webp", "webp"), ("files/sans.woff2", "font"),
            ("templates/signed-out.html", "<h1>{{heading}}</h1><p>Bye!</p>"),
        ]).get()
        let look = PageLook(assetsPath: "/a", language: .german, theme: theme)
        let page = SignedOutPage(signInURL: nil, look: look).response()
        #expect(page.html.contains("<h1>Sie sind abgemeldet</h1><p>Bye!</p>"))
        #expect(page.html.contains("/a/\(theme.logo.name)") && theme.logo.name.hasSuffix(".png"))
        #expect(page.headers.first("content-security-policy")?.contains("font-src 'self'; ") ?? false)
        #expect(theme.response(for: "back.webp")?.headers.first("content-type") == "image/webp")
        #expect(theme.response(for: "sans.woff2")?.headers.first("cache-control") == "public, max-age=300")
        let login = LoginPage(action: "/", look: look).response()
        #expect(login.html.contains("name=\"password\""))
    }

    @Test(arguments: PageTemplate.Name.allCases)
    func everyPageCanBeReplaced(_ name: PageTemplate.Name) throws {
        let source = name == .document ? "<html>ours: {{{content}}}</html>" : "<h1>ours: {{heading}}</h1>"
        let theme = try theme([("templates/\(name.rawValue).html", source)]).get()
        let page = try #require(Self.pages[name])
        let html = page(PageLook(assetsPath: "/a", theme: theme)).html
        #expect(html.contains("ours: "))
        #expect(!page(PageLook(assetsPath: "/a")).html.contains("ours: "))
        // Whoever replaces one page has our design for all others.
        for (other, page) in Self.pages where other != name && other != .document {
            let html = page(PageLook(assetsPath: "/a", theme: theme)).html
            #expect(html.contains("ours: ") == (name == .document))
        }
    }

    /// A page of each template; `document` stands around all of them.
    private static let pages: [PageTemplate.Name: @Sendable (PageLook) -> WebResponse] = [
        .document: { SignedOutPage(signInURL: nil, look: $0).response() },
        .accounts: {
            AccountsPage(
                applicationName: "App", action: "/", hiddenFields: [], choiceField: "a", choices: [], signOut: "/out",
                formTargets: [], look: $0
            ).response()
        },
        .consent: {
            ConsentPage(
                applicationName: "App", user: "Jane", action: "/", hiddenFields: [], decisionField: "d", allow: "allow",
                deny: "deny", scopes: [], formTargets: [], look: $0
            ).response()
        },
        .consents: { ConsentsPage(action: "/", hiddenFields: [], entries: [], look: $0).response() },
        .device: { DevicePage(.enter(code: "", error: nil), action: "/", look: $0).response(status: 200) },
        .formPost: { FormPostPage(action: "https://app.example.com/", fields: [], look: $0).response() },
        .signingOut: { SigningOutPage(frames: [], target: nil, look: $0).response() },
        .connectors: { ConnectorPage(applicationName: "App", links: [], look: $0).response() },
        .keptForm: { KeptPostPage(.lost(signIn: "/in"), look: $0).response(status: 401) },
        .login: { LoginPage(action: "/", look: $0).response() },
        .message: { MessagePage(PageTexts.english.notFound, look: $0).response(status: 404) },
        .password: { PasswordPage(.change(user: "jane@example.com"), action: "/", look: $0).response() },
        .secondFactor: { SecondFactorPage(.code, action: "/", hiddenFields: [], look: $0).response() },
        .secondFactors: { SecondFactorsPage(action: "/", user: "Jane", entries: [], look: $0).response() },
        .sessions: {
            SessionsPage(user: nil, entries: [], endOthersAction: nil, endEverywhereAction: nil, look: $0).response()
        },
        .signIn: { SignInPage(links: [], look: $0).response() },
        .signOut: { SignOutPage(action: "/", look: $0).response() },
        .signedOut: { SignedOutPage(signInURL: nil, look: $0).response() },
        .tokens: { TokensPage(user: nil, content: .full, ownURL: "/tokens", look: $0).response() },
    ]

    @Test(arguments: [
        ("templates/login.html", "<h1>x</h1>\n<script src=\"/x.js\"></script>", 2),
        ("templates/login.html", "\n\n<p style=\"x\">", 3),
        ("templates/message.html", "<a ONCLICK=\"x\">", 1), ("templates/message.html", "<a href=\"JavaScript:x\">", 1),
        ("templates/message.html", "a\n{{{heading}}}", 2), ("templates/message.html", "{{& heading}}", 1),
        ("templates/message.html", "{{% CONTENT_TYPE:TEXT}}", 1), ("templates/message.html", "{{=<% %>=}}", 1),
        ("templates/document.html", "{{{title}}}", 1), ("templates/message.html", "{{{content}}}", 1),
        ("templates/login.html", "<h1>\n{{#error}}\nx", 3), ("templates/other.html", "x", 1), ("theme.css", "a\n@import 'x';", 2),
        ("theme.css", "a { background: url(https://evil.example/x.png) }", 1), ("files/x.js", "x", 1), ("files/.x.png", "x", 1),
        ("files/a/b.png", "x", 1), ("readme.md", "x", 1),
    ])
    func whatDoesNotBelongIsSaidWithItsLine(path: String, text: String, line: Int) {
        let found = problems([(path, text)])
        #expect(found.map(\.path) == [path])
        #expect(found.first?.line == line)
    }

    @Test func everyProblemComesAtOnce() {
        #expect(problems([("a.js", ""), ("templates/login.html", "<script>"), ("theme.css", "@import 'x'")]).count == 3)
        #expect(problems([("logo.svg", ""), ("logo.png", "")]).count == 1)
        #expect(problems((0..<101).map { ("files/\($0).png", "") }).count == 1)
    }

    @Test func namesOfUsersStayText() throws {
        let theme = try theme([("templates/sign-out.html", "<p title=\"{{signedInAs}}\">{{signedInAs}}</p>")]).get()
        let html = SignOutPage(user: "\"><script>", action: "/", look: PageLook(assetsPath: "/a", theme: theme)).response().html
        #expect(!html.contains("<script"))
    }
}
