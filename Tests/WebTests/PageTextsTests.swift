import Testing
import Web

struct PageTextsTests {
    @Test(arguments: Language.allCases)
    func everyTextIsThereWithItsPlaceholders(language: Language) {
        let english = texts(of: PageTexts.english)
        let translated = texts(of: PageTexts.of(language))
        #expect(Set(translated.keys) == Set(english.keys))
        for (name, text) in english {
            let other = translated[name] ?? ""
            #expect(!other.isEmpty, "\(name)")
            #expect(placeholders(in: other) == placeholders(in: text), "\(name)")
        }
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func theTextsOfSessionsAtTheProviderAreTranslated(language: Language) {
        let english = texts(of: SSOTexts.english)
        let translated = texts(of: SSOTexts.of(language))
        #expect(SSOTexts.of(language).language == language)
        for (name, text) in english {
            let other = translated[name] ?? ""
            #expect(!other.isEmpty && other != text, "\(name)")
            #expect(placeholders(in: other) == placeholders(in: text), "\(name)")
        }
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func theTextsOfPasswordsAreTranslated(language: Language) {
        let english = texts(of: PasswordTexts.english)
        let translated = texts(of: PasswordTexts.of(language))
        #expect(PasswordTexts.of(language).language == language)
        for (name, text) in english {
            let other = translated[name] ?? ""
            #expect(!other.isEmpty && other != text, "\(name)")
            #expect(placeholders(in: other) == placeholders(in: text), "\(name)")
        }
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func theTextsOfPasskeysAreTranslated(language: Language) {
        let english = texts(of: PasskeyTexts.of(.english))
        let translated = texts(of: PasskeyTexts.of(language))
        #expect(PasskeyTexts.of(language).language == language)
        for (name, text) in english {
            let other = translated[name] ?? ""
            // German and Italian say passkey, too.
            #expect(!other.isEmpty && (other != text || name == "name"), "\(name)")
        }
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func theTextsOfSecondFactorsAreTranslated(language: Language) {
        let english = texts(of: SecondFactorTexts.english)
        let translated = texts(of: SecondFactorTexts.of(language))
        #expect(SecondFactorTexts.of(language).language == language)
        for (name, text) in english {
            let other = translated[name] ?? ""
            #expect(!other.isEmpty && other != text, "\(name)")
            #expect(placeholders(in: other) == placeholders(in: text), "\(name)")
        }
    }

    @Test(arguments: Language.allCases)
    func whatIsNotGrantedIsSaid(language: Language) {
        let texts = PageTexts.of(language)
        #expect(texts.scopesNotGranted(["extra", "more"]).sentence.contains("extra, more"))
        let messages = [texts.scopesNotGranted(["extra"]), texts.grants.noToken]
        let english = [PageTexts.english.scopesNotGranted(["extra"]), PageTexts.english.grants.noToken]
        for (message, other) in zip(messages, english) {
            #expect(!message.heading.isEmpty && !message.advice.isEmpty && !message.sentence.contains("{"))
            #expect((message.sentence == other.sentence) == (language == .english))
        }
    }

    @Test(arguments: Language.allCases)
    func tableIsOfItsLanguage(language: Language) {
        #expect(PageTexts.of(language).language == language)
    }

    @Test(arguments: Language.allCases.filter { $0 != .english })
    func sentencesAreTranslated(language: Language) {
        let english = texts(of: PageTexts.english)
        let same = texts(of: PageTexts.of(language)).filter { english[$0.key] == $0.value && !$0.value.hasPrefix("{") }.keys
        // Spanish says "Error", too, and Italian "Password".
        #expect(
            same.allSatisfy { name in
                language == .spanish && name.hasPrefix("error") || language == .italian && name == "passwordLabel"
            })
    }
}

/// Every text of a table by its name, and those of the messages by the names of both.
private func texts(of table: Any, prefix: String = "") -> [String: String] {
    var found: [String: String] = [:]
    for child in Mirror(reflecting: table).children {
        let name = prefix + (child.label ?? "")
        if let text = child.value as? String { found[name] = text }
        if child.value is PageTexts.Message { found.merge(texts(of: child.value, prefix: name + ".")) { $1 } }
    }
    return found
}

private func placeholders(in text: String) -> [String] {
    text.matches(of: /\{[a-z]+\}/).map { String($0.output) }.sorted()
}
