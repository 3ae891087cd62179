/// Every sentence of the pages. The values here are the English ones; a translation sets the others over them.
package struct PageTexts: Sendable {
    package enum Direction: String, Sendable {
        case leftToRight = "ltr"
        case rightToLeft = "rtl"
    }

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

    /// A language tag (RFC 5646).
    package var language = "en"
    package var direction = Direction.leftToRight

    package var signIn = "Sign in"
    /// `{application}` stands for the application's name.
    package var continueTo = "to continue to {application}"
    package var emailLabel = "E-mail address"
    package var usernameLabel = "User name"
    package var passwordLabel = "Password"
    package var wrongCredentials = "That e-mail address or password is not right. Check both and try again."
    /// Before the title of a page that shows an error, so that a screen reader says it first.
    package var errorPrefix = "Error: "

    package var signOutHeading = "Sign out?"
    /// `{user}` stands for the e-mail address or name.
    package var signedInAs = "You are signed in as {user}."
    package var signOutSentence = "You will have to sign in again to use your applications."
    package var signOut = "Sign out"
    package var staySignedIn = "Stay signed in"

    package var signedOutHeading = "You are signed out"
    package var signedOutSentence = "If others use this device, close the browser window as well."
    package var signInAgain = "Sign in again"

    /// `{status}` stands for the HTTP status.
    package var errorStatus = "Error {status}"
    package var reference = "Reference"
    package var goToStart = "Go to the start page"
    package var switchAccount = "Use another account"

    package var notAllowed = Message(
        heading: "You have no access to this page",
        sentence: "Your account may not open this page.",
        advice: "If you think that it should, ask the people who look after this application.")
    package var badRequest = Message(
        heading: "This request cannot be answered",
        sentence: "Something in the address or in the form is not as it should be.",
        advice: "Go back and try again, or start from the application's first page.")
    package var notFound = Message(
        heading: "There is no such page",
        sentence: "The address leads nowhere.",
        advice: "Check the address, or start from the application's first page.")
    package var signInFailed = Message(
        heading: "Signing in did not work",
        sentence: "The sign-in could not be completed, and you are not signed in.",
        advice:
            "Try again. If it keeps failing, see that cookies are allowed here and that your clock is right, then tell your administrator."
    )
    package var unavailable = Message(
        heading: "Not available at the moment",
        sentence: "A part that is needed for signing in does not answer.",
        advice: "Try again in a minute.")
    package var internalError = Message(
        heading: "Something went wrong",
        sentence: "The fault is on our side.",
        advice: "Try again. If it happens again, tell your administrator.")

    package init() {}

    package static let english = PageTexts()

    func continueTo(_ application: String) -> String { continueTo.filled("{application}", application) }
    package func signedInAs(_ user: String) -> String { signedInAs.filled("{user}", user) }
    func errorStatus(_ status: Int) -> String { errorStatus.filled("{status}", "\(status)") }
}

extension String {
    /// With `value` in the place of the first `placeholder`.
    fileprivate func filled(_ placeholder: String, _ value: String) -> String {
        guard let range = firstRange(of: placeholder) else { return self }
        return self[..<range.lowerBound] + value + self[range.upperBound...]
    }
}
