import Accounts
import Web

/// The pages of the provider that only tell something.
struct ProviderPages {
    private let look: PageLook

    init(look: PageLook) { self.look = look }

    private var texts: PageTexts { look.texts }

    func notFound() -> WebResponse { message(texts.notFound, status: 404) }

    func badRequest(status: Int = 400, reference: Reference? = nil) -> WebResponse {
        message(texts.badRequest, status: status, reference: reference)
    }

    /// For a request which we cannot send back to the application: `reason` says why, in words for its developer.
    func refusal(_ reason: String, reference: Reference) -> WebResponse {
        message(texts.clientMistake(reason), status: 400, reference: reference)
    }

    /// `home` leads back to the application.
    func expired(application: String, home: String?, reference: Reference? = nil) -> WebResponse {
        let link = home.flatMap { PageLink(label: texts.backTo(application), href: $0) }
        return MessagePage(texts.signInExpired, reference: reference?.text, link: link, look: look).response(status: 400)
    }

    func crossSite(reference: Reference) -> WebResponse {
        message(texts.formFromElsewhere, status: 403, reference: reference)
    }

    func unavailable(retryAfter seconds: Int, reference: Reference) -> WebResponse {
        var response = message(texts.unavailable, status: 503, reference: reference)
        response.headers.add("retry-after", "\(seconds)")
        return response
    }

    func internalError(reference: Reference) -> WebResponse {
        message(texts.internalError, status: 500, reference: reference)
    }

    /// For somebody whom the client does not take.
    func notAdmitted() -> WebResponse { message(texts.notAdmitted, status: 403) }

    // After a sign-in upstream; `again` leads to the beginning of it.

    func upstreamReply(reference: Reference, again: PageLink?) -> WebResponse {
        message(texts.signInFailed, status: 400, reference: reference, link: again)
    }

    func upstreamNotAdmitted(reference: Reference, again: PageLink?) -> WebResponse {
        message(texts.notAdmitted, status: 403, reference: reference, link: again)
    }

    /// - Parameter name: the connector's.
    func upstreamDenied(_ name: String, reference: Reference, again: PageLink?) -> WebResponse {
        message(UpstreamTexts.of(look.language).denied(name), status: 403, reference: reference, link: again)
    }

    func upstreamEmail(_ name: String, reference: Reference, again: PageLink?) -> WebResponse {
        message(UpstreamTexts.of(look.language).email(name), status: 403, reference: reference, link: again)
    }

    func signedOut() -> WebResponse { SignedOutPage(signInURL: nil, look: look).response() }

    /// For a page that needs a session, in a browser that has none.
    func notSignedIn() -> WebResponse { message(SSOTexts.of(look.language).notSignedIn, status: 401) }

    /// For a sign-out that does not say whose: nothing is ended by it.
    func nothingToSignOutOf() -> WebResponse { message(texts.nothingToSignOutOf, status: 200) }

    private func message(
        _ text: PageTexts.Message, status: Int, reference: Reference? = nil, link: PageLink? = nil
    ) -> WebResponse {
        MessagePage(text, reference: reference?.text, link: link, look: look).response(status: status)
    }
}

extension Issuer {
    /// How pages look to whoever sent the request.
    /// - Parameter uiLocales: of the authorization request that it belongs to.
    func look(for request: WebRequest, uiLocales: String? = nil) -> PageLook {
        PageLook(assetsPath: assetsPath, for: request, uiLocales: uiLocales, theme: settings.theme)
    }

    func pages(for request: WebRequest, uiLocales: String? = nil) -> ProviderPages {
        ProviderPages(look: look(for: request, uiLocales: uiLocales))
    }
}
