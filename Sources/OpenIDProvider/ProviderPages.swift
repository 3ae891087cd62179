import Accounts
import Web

/// The pages of the provider that only tell something.
struct ProviderPages {
    private let assetsPath: String

    init(_ issuer: Issuer) { assetsPath = issuer.assetsPath }

    func notFound() -> WebResponse { message(PageTexts.english.notFound, status: 404) }

    func badRequest(status: Int = 400, reference: Reference? = nil) -> WebResponse {
        message(PageTexts.english.badRequest, status: status, reference: reference)
    }

    /// For a request which we cannot send back to the application: `reason` says why, in words for its developer.
    func refusal(_ reason: String, reference: Reference) -> WebResponse {
        let text = PageTexts.Message(
            heading: "The application asked in a way that cannot be answered", sentence: "\(reason).",
            advice:
                "Go back and try again. If it happens again, give the reference below to those who look after the application."
        )
        return message(text, status: 400, reference: reference)
    }

    /// `link` leads back to the application.
    func expired(link: PageLink?) -> WebResponse {
        let text = PageTexts.Message(
            heading: "This sign-in took too long", sentence: "The page was open for more than an hour, or it is an old copy.",
            advice: "Go back to the application and sign in from there.")
        return MessagePage(text, link: link, assetsPath: assetsPath).response(status: 400)
    }

    func crossSite(reference: Reference) -> WebResponse {
        let text = PageTexts.Message(
            heading: "The form came from another site", sentence: "Nobody was signed in.",
            advice: "Open the application that you want to use and sign in from there.")
        return message(text, status: 403, reference: reference)
    }

    func unavailable(retryAfter seconds: Int, reference: Reference) -> WebResponse {
        var response = message(PageTexts.english.unavailable, status: 503, reference: reference)
        response.headers.add("retry-after", "\(seconds)")
        return response
    }

    func internalError(reference: Reference) -> WebResponse {
        message(PageTexts.english.internalError, status: 500, reference: reference)
    }

    func signedOut() -> WebResponse { SignedOutPage(signInURL: nil, assetsPath: assetsPath).response() }

    /// For a sign-out that does not say whose: nothing is ended by it.
    func nothingToSignOutOf() -> WebResponse {
        let text = PageTexts.Message(
            heading: "No session was ended", sentence: "The request did not say which session to end.",
            advice: "Sign out from within the application that you are using.")
        return message(text, status: 200)
    }

    private func message(_ text: PageTexts.Message, status: Int, reference: Reference? = nil) -> WebResponse {
        MessagePage(text, reference: reference?.text, assetsPath: assetsPath).response(status: status)
    }
}
