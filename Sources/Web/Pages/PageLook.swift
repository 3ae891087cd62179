/// How pages look to one reader: in which language, and where their files are.
package struct PageLook: Sendable {
    /// Where the assets are, without a slash at the end.
    package var assetsPath: String
    package var language: Language

    package init(assetsPath: String, language: Language = .english) {
        self.assetsPath = assetsPath
        self.language = language
    }

    /// As the browser asks for it.
    /// - Parameter uiLocales: as the application asks for it (`ui_locales`), which counts more.
    package init(assetsPath: String, for request: WebRequest, uiLocales: String? = nil) {
        self.init(
            assetsPath: assetsPath,
            language: .preferred(uiLocales: uiLocales, acceptLanguage: request.headers.all("accept-language")))
    }

    package var texts: PageTexts { .of(language) }
}
