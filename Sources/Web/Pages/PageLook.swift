/// How pages look to one reader: in which language and theme, and where their files are.
package struct PageLook: Sendable {
    /// Where the assets are, without a slash at the end.
    package var assetsPath: String
    package var language: Language
    package var theme: PageTheme

    package init(assetsPath: String, language: Language = .english, theme: PageTheme = .builtIn) {
        self.assetsPath = assetsPath
        self.language = language
        self.theme = theme
    }

    /// As the browser asks for it.
    /// - Parameter uiLocales: as the application asks for it (`ui_locales`), which counts more.
    package init(assetsPath: String, for request: WebRequest, uiLocales: String? = nil, theme: PageTheme = .builtIn) {
        self.init(
            assetsPath: assetsPath,
            language: .preferred(uiLocales: uiLocales, acceptLanguage: request.headers.all("accept-language")), theme: theme)
    }

    /// A page's template: the theme's, where it has one.
    func template(_ name: PageTemplate.Name, builtIn: PageTemplate) -> PageTemplate { theme.template(name, builtIn: builtIn) }

    package var texts: PageTexts { .of(language) }
}
