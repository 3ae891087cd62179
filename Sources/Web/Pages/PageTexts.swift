/// Every sentence of the pages that both roles show, in one language: a language that lacks one does not compile.
///
/// A page with many sentences of its own has its own table beside this one, in `Texts`, made in the same way.
package struct PageTexts: Sendable {
    /// What a `MessagePage` says: what happened, in one sentence more, and what the reader can do about it.
    package struct Message: Sendable {
        package var heading: String
        package var sentence: String
        package var advice: String

        package init(heading: String, sentence: String, advice: String) {
            self.heading = heading
            self.sentence = sentence
            self.advice = advice
        }
    }

    package let language: Language

    package let signIn: String
    /// `{application}` stands for the application's name.
    let continueTo: String
    package let emailLabel: String
    package let usernameLabel: String
    package let passwordLabel: String
    package let wrongCredentials: String
    /// For a form whose cookie is gone.
    package let signInOnceMore: String
    /// Before the title of a page that shows an error, so that a screen reader says it first.
    package let errorPrefix: String

    package let chooseProvider: String
    /// `{provider}` stands for the provider's name.
    let signInWith: String

    package let signOutHeading: String
    /// `{user}` stands for the e-mail address or name.
    let signedInAs: String
    package let signOutSentence: String
    package let signOut: String
    /// Ends the sessions of all of somebody's browsers.
    package let signOutEverywhere: String
    package let staySignedIn: String

    package let signedOutHeading: String
    package let signedOutSentence: String
    package let signInAgain: String

    /// `{status}` stands for the HTTP status.
    let errorStatus: String
    package let reference: String
    package let goToStart: String
    package let switchAccount: String
    /// `{application}` stands for the application's name.
    let backTo: String

    package let notAllowed: Message
    /// The provider's sign-in is not for this account.
    package let notAdmitted: Message
    package let badRequest: Message
    package let notFound: Message
    package let signInFailed: Message
    package let unavailable: Message
    package let internalError: Message
    /// An authorization request that cannot be sent back to the application. `{reason}` stands for words to its developer, in English.
    let clientMistake: Message
    package let notStrongEnough: Message
    package let signInExpired: Message
    package let formFromElsewhere: Message
    package let nothingToSignOutOf: Message
}

extension PageTexts {
    package static func of(_ language: Language) -> PageTexts {
        switch language {
        case .english: .english
        case .german: .german
        case .french: .french
        case .spanish: .spanish
        case .italian: .italian
        case .portuguese: .portuguese
        case .greek: .greek
        case .japanese: .japanese
        case .chinese: .chinese
        case .arabic: .arabic
        }
    }

    package func continueTo(_ application: String) -> String { continueTo.filled("{application}", isolated(application)) }
    package func backTo(_ application: String) -> String { backTo.filled("{application}", isolated(application)) }
    package func signInWith(_ provider: String) -> String { signInWith.filled("{provider}", isolated(provider)) }
    package func signedInAs(_ user: String) -> String { signedInAs.filled("{user}", isolated(user)) }
    func errorStatus(_ status: Int) -> String { errorStatus.filled("{status}", "\(status)") }

    /// A name as it is, whichever way the sentence around it runs (Unicode FSI and PDI).
    func isolated(_ name: String) -> String {
        language.direction == .rightToLeft ? "\u{2068}\(name)\u{2069}" : name
    }

    package func clientMistake(_ reason: String) -> Message {
        var message = clientMistake
        message.sentence = message.sentence.filled("{reason}", isolated(reason))
        return message
    }
}

extension String {
    /// With `value` in the place of the first `placeholder`.
    func filled(_ placeholder: String, _ value: String) -> String {
        guard let range = firstRange(of: placeholder) else { return self }
        return self[..<range.lowerBound] + value + self[range.upperBound...]
    }
}
