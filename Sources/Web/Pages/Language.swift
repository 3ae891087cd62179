/// A language that the pages are written in, by its tag (RFC 5646).
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case german = "de"
    case french = "fr"
    case spanish = "es"
    case italian = "it"
    /// As it is written in Brazil; whoever asks for any Portuguese gets it.
    case portuguese = "pt"
    case greek = "el"
    case japanese = "ja"
    /// Simplified; whoever asks for any Chinese gets it.
    case chinese = "zh-Hans"
    case arabic = "ar"

    /// The `dir` attribute of a page.
    package enum Direction: String, Sendable {
        case leftToRight = "ltr"
        case rightToLeft = "rtl"
    }

    package var direction: Direction { self == .arabic ? .rightToLeft : .leftToRight }

    /// The language that a reader wishes for; English where we have none of theirs.
    /// - Parameters:
    ///   - uiLocales: `ui_locales` (OpenID Connect Core §3.1.2.1): tags with spaces between, the dearest first. What an application
    ///     asks for counts more than what the browser does.
    ///   - acceptLanguage: every field of that name.
    package static func preferred(uiLocales: String? = nil, acceptLanguage: [String]) -> Language {
        uiLocales.flatMap(first(inLocales:)) ?? AcceptLanguage(acceptLanguage)?.best ?? .english
    }

    /// Longer lists are nobody's wish.
    private static let maximumLocaleBytes = 256

    private static func first(inLocales text: String) -> Language? {
        guard text.utf8.count <= maximumLocaleBytes else { return nil }
        return text.utf8.split(separator: 0x20).lazy.compactMap { Language(range: Array($0)) }.first
    }

    /// By the first subtag of a tag or language range, in any case: `de-AT` is German.
    init?(range: [UInt8]) {
        let primary = range.prefix { $0 != UInt8(ascii: "-") }.map(\.lowercased)
        guard let language = Self.allCases.first(where: { $0.primarySubtag.elementsEqual(primary) }) else { return nil }
        self = language
    }

    private var primarySubtag: Substring.UTF8View { rawValue.utf8.prefix { $0 != UInt8(ascii: "-") } }
}
