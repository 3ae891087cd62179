import Accounts
import JOSE
import Web

/// Every refusal of the service in the caller's own form: a page for people, JSON for programs, each with a reference that is in
/// the audit log too. The one place where errors become answers.
struct Refusals: Sendable {
    private let parts: AuthServiceParts
    private let overload = OverloadNotes()

    init(parts: AuthServiceParts) { self.parts = parts }

    /// In the reader's language for a page, in English for programs.
    func texts(for request: WebRequest) -> PageTexts {
        Caller.readsPages(request) ? parts.look(for: request).texts : .english
    }

    /// Nobody is signed in, and the caller cannot be sent to the sign-in page: 401. Not a refusal that anybody looks for in a log.
    func unauthenticated(_ request: WebRequest) -> Decision {
        let place = parts.addresses.place(of: request)
        let wanted = RedirectTarget(request.target, home: place.origin)?.relative ?? "/"
        let url = parts.signInURL(at: place.origin, target: wanted)
        var response = WebResponse.json(["error": "login_required", "sign_in": .string(url)], status: 401)
        response.headers.add("www-authenticate", "Bearer realm=\"gatehouse\"")
        return .reject(Rejection(kind: .unauthenticated, response: response))
    }

    static let notPermitted = "not permitted"

    /// Signed in (or nobody may), but this is not for them: 403.
    func forbidden(
        _ request: WebRequest, rule: String, identity: Identity?, reason: String = Refusals.notPermitted
    ) -> Decision {
        let texts = texts(for: request)
        var message = texts.notAllowed
        if let name = identity.flatMap({ $0.email ?? $0.name }) {
            message.sentence = "\(texts.signedInAs(name)) \(message.sentence)"
        }
        let link = identity == nil ? nil : PageLink(label: texts.switchAccount, href: "\(parts.ownPath)/sign-out")
        let text = RefusalText(status: 403, error: "access_denied", message: message, link: link)
        return refuse(request, .forbidden, text, reason: reason, rule: rule, identity: identity)
    }

    /// The provider vouches for them, but its sign-in is not for them: 403, with a way to another account.
    func notAdmitted(_ request: WebRequest, identity: Identity, another: String) -> Decision {
        let texts = texts(for: request)
        var message = texts.notAdmitted
        if let name = identity.email ?? identity.name {
            message.sentence = "\(texts.signedInAs(name)) \(message.sentence)"
        }
        let link = PageLink(label: texts.switchAccount, href: another)
        let text = RefusalText(status: 403, error: "access_denied", message: message, link: link)
        return refuse(request, .forbidden, text, reason: "not admitted at sign-in", identity: identity, kind: .signInFailed)
    }

    /// The application works with a token of its own, and there is none: 403. A new sign-in may bring what to exchange for one.
    func noToken(_ request: WebRequest, rule: String, identity: Identity, reason: String) -> Decision {
        let texts = texts(for: request)
        let place = parts.addresses.place(of: request)
        let wanted = RedirectTarget(request.target, home: place.origin)?.relative ?? "/"
        let link = PageLink(label: texts.signInAgain, href: parts.signInURL(at: place.origin, target: wanted))
        let text = RefusalText(status: 403, error: "access_denied", message: texts.grants.noToken, link: link)
        return refuse(request, .forbidden, text, reason: reason, rule: rule, identity: identity)
    }

    /// The provider did not grant what the page needs: 403. Whatever session there was goes on; nothing sends the browser round.
    func scopesNotGranted(_ request: WebRequest, _ scopes: [String], identity: Identity, retry: String) -> Decision {
        let texts = texts(for: request)
        let link = PageLink(label: texts.signInAgain, href: retry)
        let text = RefusalText(
            status: 403, error: "insufficient_scope", message: texts.scopesNotGranted(scopes), link: link)
        return refuse(
            request, .forbidden, text, reason: AuthenticationLack.scopes.reason, identity: identity, kind: .signInFailed)
    }

    /// Signed in, but not in the way that the rule asks for, by a program that no sign-in page helps: 401 (RFC 9470 §3), or 403 for
    /// scopes that are missing (RFC 6750 §3.1).
    func insufficient(
        _ request: WebRequest, _ requirement: AuthenticationRequirement, _ lack: AuthenticationLack, rule: String
    ) -> Decision {
        let place = parts.addresses.place(of: request)
        let wanted = RedirectTarget(request.target, home: place.origin)?.relative ?? "/"
        let reference = parts.record(.refusal, request, reason: lack.reason, rule: rule)
        var response = WebResponse.json(
            [
                "error": .string(lack.error), "message": .string(lack.reason),
                "sign_in": .string(parts.signInURL(at: place.origin, target: wanted, demand: requirement.demand)),
                "reference": .string(reference.text),
            ], status: lack == .scopes ? 403 : 401)
        response.headers.add("www-authenticate", requirement.challenge(lack))
        return .reject(Rejection(kind: lack == .scopes ? .forbidden : .unauthenticated, response: response))
    }

    /// The provider's answer is not what was asked for: 400. Whatever session there was goes on; nothing sends the browser round.
    func notStrongEnough(_ request: WebRequest, reason: String, retry: String) -> Decision {
        let link = PageLink(label: texts(for: request).signInAgain, href: retry)
        let text = RefusalText(
            status: 400, error: "insufficient_user_authentication", message: texts(for: request).notStrongEnough, link: link)
        return refuse(request, .invalidRequest, text, reason: reason, kind: .signInFailed)
    }

    /// The request's host or path can be read in more than one way: 400.
    func unreadable(_ request: WebRequest, _ refusal: RequestAddress.Refusal) -> Decision {
        let text = RefusalText(status: 400, error: "invalid_request", message: texts(for: request).badRequest)
        return refuse(request, .invalidRequest, text, reason: refusal.reason)
    }

    /// The gateway's message is not one request. Nothing is known of the client but that it was refused.
    func unreadable(_ check: UnreadableCheck) -> Decision {
        let reference = Reference(randomness: parts.randomness)
        parts.audit.record(AuditEvent(kind: .refusal, reference: reference, reason: check.reason))
        return .reject(Rejection(kind: .invalidRequest, response: check.response(reference)))
    }

    /// There is more to do than can be done: 503, in a moment again. The log holds some of these, and how many more there were.
    func overloaded(_ check: UnreadableCheck) -> Decision {
        let reference = Reference(randomness: parts.randomness)
        if let others = overload.note(at: parts.clock.now) {
            let reason = others == 0 ? check.reason : "\(check.reason); \(others) more were refused before"
            parts.audit.record(AuditEvent(kind: .refusal, reference: reference, reason: reason))
        }
        var response = check.response(reference)
        response.headers.add("retry-after", "1")
        return .reject(Rejection(kind: .unavailable, response: response))
    }

    /// The sign-in came to nothing: 400, with a way to try again.
    func signInFailed(_ request: WebRequest, reason: String, retry: String) -> Decision {
        let link = PageLink(label: texts(for: request).signInAgain, href: retry)
        let text = RefusalText(status: 400, error: "sign_in_failed", message: texts(for: request).signInFailed, link: link)
        return refuse(request, .invalidRequest, text, reason: reason, kind: .signInFailed)
    }

    /// The browser was signed in again and again, and never brought its session, or what it began the sign-in with: 400, with what to
    /// look at.
    func signInLoops(
        _ request: WebRequest, reason: String = "signed in three times within a minute without bringing the session",
        retry: String
    ) -> Decision {
        let texts = texts(for: request)
        let link = PageLink(label: texts.signInAgain, href: retry)
        let text = RefusalText(
            status: 400, error: "sign_in_loop", message: SessionTexts.of(texts.language).loop, link: link)
        return refuse(request, .invalidRequest, text, reason: reason, kind: .signInFailed)
    }

    /// The store or a provider is away: 503. Nobody is let in, and nobody is signed out.
    func unavailable(_ request: WebRequest, detail: String, rule: String? = nil) -> Decision {
        let text = RefusalText(status: 503, error: "temporarily_unavailable", message: texts(for: request).unavailable)
        return refuse(request, .unavailable, text, reason: detail, rule: rule)
    }

    /// Something of ours is wrong: 500.
    func failed(_ request: WebRequest, detail: String) -> Decision {
        let text = RefusalText(status: 500, error: "server_error", message: texts(for: request).internalError)
        return refuse(request, .unavailable, text, reason: detail)
    }

    /// A program asked to sign out from a page that is not ours: 403.
    func crossSite(_ request: WebRequest) -> Decision {
        let text = RefusalText(status: 403, error: "cross_site", message: texts(for: request).badRequest)
        return refuse(request, .forbidden, text, reason: "the request is not from a page of the same origin")
    }

    /// A front-channel notice of sign-out that does not say which session: 400.
    func badFrontchannelLogout(_ request: WebRequest) -> Decision {
        let text = RefusalText(status: 400, error: "invalid_request", message: texts(for: request).badRequest)
        return refuse(request, .invalidRequest, text, reason: "front-channel sign-out: iss or sid is missing or unknown")
    }

    /// A front-channel notice for a session that only its cookie knows, without that cookie: 400.
    func frontchannelLogoutWithoutCookie(_ request: WebRequest) -> Decision {
        let text = RefusalText(status: 400, error: "invalid_request", message: texts(for: request).badRequest)
        return refuse(request, .invalidRequest, text, reason: "front-channel sign-out: the session's cookie did not come along")
    }

    func notFound(_ request: WebRequest) -> Decision {
        let link = PageLink(label: texts(for: request).goToStart, href: "/")
        let text = RefusalText(status: 404, error: "not_found", message: texts(for: request).notFound, link: link)
        return refuse(request, .invalidRequest, text, reason: "no such endpoint")
    }

    /// A form of ours with fields that none of our pages sends: 400.
    func malformed(_ request: WebRequest, reason: String) -> Decision {
        let text = RefusalText(status: 400, error: "invalid_request", message: texts(for: request).badRequest)
        return refuse(request, .invalidRequest, text, reason: reason)
    }

    func methodNotAllowed(_ request: WebRequest, allowed: [String]) -> Decision {
        var text = RefusalText(status: 405, error: "invalid_request", message: texts(for: request).badRequest)
        text.allow = allowed.joined(separator: ", ")
        return refuse(request, .invalidRequest, text, reason: "method not allowed")
    }

    func refuse(
        _ request: WebRequest, _ rejection: Rejection.Kind, _ text: RefusalText, reason: String, rule: String? = nil,
        identity: Identity? = nil, kind: AuditEvent.Kind = .refusal
    ) -> Decision {
        let reference = parts.record(kind, request, identity: identity, reason: reason, rule: rule)
        var response =
            Caller.readsPages(request)
            ? text.page(reference, look: parts.look(for: request)) : text.json(reference)
        if text.status == 503 { response.headers.add("retry-after", "5") }
        if let seconds = text.retryAfter { response.headers.add("retry-after", String(seconds)) }
        if let challenge = text.challenge { response.headers.add("www-authenticate", challenge) }
        if let methods = text.allow { response.headers.add("allow", methods) }
        return .reject(Rejection(kind: rejection, response: response))
    }
}

extension UnreadableCheck {
    fileprivate func response(_ reference: Reference) -> WebResponse {
        let body: JSONValue = ["error": .string(error), "message": .string(reason), "reference": .string(reference.text)]
        return .json(body, status: status)
    }
}
