import Testing
import Web

struct LanguageTests {
    @Test(arguments: [
        ("de", Language.german), ("de-AT, en;q=0.5", .german), ("DE", .german), ("fr-CA", .french), ("es-419,en", .spanish),
        ("it-CH", .italian), ("pt-BR", .portuguese), ("pt-PT", .portuguese), ("el", .greek), ("ja-JP", .japanese),
        ("zh-CN", .chinese), ("zh-Hant-TW", .chinese), ("ar-EG", .arabic),
        ("en-GB", .english),
    ])
    func primarySubtagDecides(field: String, language: Language) {
        #expect(Language.preferred(acceptLanguage: [field]) == language)
    }

    @Test(arguments: [
        ("en;q=0.5, de;q=0.9", Language.german), ("en;q=0.9, de;q=0.9", .english), ("fr;q=0.001, de;q=0", .french),
        ("nl, fr;q=0.3, de;q=0.2", .french), ("de;q=1.000", .german), ("de ; q=0.4 , ja;q=0.5", .japanese), ("*", .english),
        ("en;q=0, *;q=0.5", .german), ("de;Q=0.1", .german), (", ,de,", .german),
    ])
    func greatestWeightWins(field: String, language: Language) {
        #expect(Language.preferred(acceptLanguage: [field]) == language)
    }

    @Test(arguments: [
        "", "nl", "de;q=2", "de;q=1.001", "de;q=0.1234", "de;q=", "de;q", "de;x=1", "de;q=0.5;x", "de_AT", "-de", "deutschland",
        "de--at",
        "1de", "de;q=-1", "de;q=1e0", "\u{0}de", "de\"", "de;q=0", "ｄｅ",
    ])
    func whatIsNotOfTheGrammarIsNoWish(field: String) {
        #expect(Language.preferred(acceptLanguage: [field]) == .english)
    }

    @Test func severalFieldsAreOne() {
        #expect(Language.preferred(acceptLanguage: ["nl", "fr;q=0.5"]) == .french)
    }

    @Test(arguments: [
        String(repeating: "nl,", count: 40) + "de",
        "de," + String(repeating: "n", count: 8) + String(repeating: ";q=0.1,nl", count: 200),
    ])
    func endlessListsAreNotRead(field: String) {
        #expect(Language.preferred(acceptLanguage: [field]) == .english)
    }

    @Test(arguments: [
        ("ja", "de", Language.japanese), ("nl fr-CA ja", "de", .french), ("nl", "de", .german), ("", "de", .german),
        (String(repeating: "x ", count: 200) + "ja", "de", .german),
    ])
    func applicationsWishCountsMore(uiLocales: String, acceptLanguage: String, language: Language) {
        #expect(Language.preferred(uiLocales: uiLocales, acceptLanguage: [acceptLanguage]) == language)
    }
}
