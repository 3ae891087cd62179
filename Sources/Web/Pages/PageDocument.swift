/// What all pages share: the document around the content, and the headers of the answer.
struct PageDocument {
    /// Of the window or tab; the application's name follows where there is one.
    var title: String
    var applicationName: String?
    /// HTML, rendered from a template.
    var content: String
    var look: PageLook
    var formTargets: [FormTarget] = []
    /// They run when the page has been read; nothing else does.
    var scripts: [Assets.Asset] = []
    /// Whose pages it shows in frames.
    var frames: [FormTarget] = []

    func response(status: Int) -> WebResponse {
        var headers: HeaderList = [
            "content-type": "text/html; charset=utf-8", "content-language": look.language.rawValue,
            "vary": "accept-language",
        ]
        SecurityHeaders(
            formTargets: formTargets, runsOwnScripts: !scripts.isEmpty, loadsFonts: look.theme.hasFonts, frames: frames
        )
        .add(to: &headers)
        return WebResponse(status: status, headers: headers, body: Array(html.utf8))
    }

    private var html: String {
        var values: [String: Any] = [
            "language": look.language.rawValue,
            "direction": look.language.direction.rawValue,
            "title": applicationName.map { "\(title) · \($0)" } ?? title,
            "stylesheet": "\(look.assetsPath)/\(look.theme.stylesheet.name)",
            "logo": "\(look.assetsPath)/\(look.theme.logo.name)",
            "content": content,
        ]
        values["script"] = scripts.map { "\(look.assetsPath)/\($0.name)" }
        return look.template(.document, builtIn: Self.template).render(values)
    }

    private static let template = PageTemplate(
        """
        <!doctype html>
        <html lang="{{language}}" dir="{{direction}}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="robots" content="noindex, nofollow">
        <title>{{title}}</title>
        <link rel="icon" type="image/svg+xml" href="{{logo}}">
        <link rel="stylesheet" href="{{stylesheet}}">
        {{#script}}
        <script src="{{.}}" defer></script>
        {{/script}}
        </head>
        <body>
        <main class="card">
        <img class="logo" src="{{logo}}" alt="" width="48" height="48">
        {{{content}}}
        </main>
        </body>
        </html>

        """)
}
