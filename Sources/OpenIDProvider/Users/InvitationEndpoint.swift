import Accounts
import JOSE
import Logging
import Web

/// `/invitation`: where somebody with a link chooses their password. Following the link leads to the page's bare address, with the
/// link's token in a cookie; looking at the page does not use the link up.
struct InvitationEndpoint {
    static let tokenField = "token"
    private static let tokenBytes = 32

    let users: UserAccounts
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let look = issuer.look(for: request)
        let isPost = sameBytes(request.method, "POST")
        if isPost, !FormOrigin.isOurs(request, issuer: issuer.settings.issuer) { return issuer.crossSiteForm(request, look) }
        let isFollowed = !isPost && !request.query.isEmpty
        guard let token = isFollowed ? followed(request) : InvitationCookie.token(in: request, issuer: issuer) else {
            return gone(look, isFollowed ? "no link" : "no link was followed in this browser, or long ago", request)
        }
        do throws(ProviderStoreFailure) {
            guard let user = try await user(Secret(utf8: token)) else {
                return gone(look, "an unknown, used or old link", request)
            }
            if isFollowed { return toBareAddress(token, look, request) }
            let form = PasswordPage(.set(user: user.email), action: "\(issuer.path)/invitation", look: look)
            return isPost ? try await set(token, user, form, request) : page(form, token, request)
        } catch {
            return issuer.unavailable(error.detail, "the page of invitations", request, look)
        }
    }

    /// The token of a link.
    private func followed(_ request: WebRequest) -> String? {
        let fields = FormFields(query: request.query)
        guard let fields, fields.repeatedName == nil, let token = fields.first(Self.tokenField),
            Base64URL.decode(token)?.count == Self.tokenBytes
        else { return nil }
        return token
    }

    /// Takes the token out of the address before anything is shown or loaded.
    private func toBareAddress(_ token: String, _ look: PageLook, _ request: WebRequest) -> WebResponse {
        guard let cookie = try? InvitationCookie.setCookie(token, issuer: issuer) else {
            return issuer.unavailable("the token could not be sealed", "the page of invitations", request, look)
        }
        var headers: HeaderList = ["location": issuer.url("/invitation"), "set-cookie": cookie]
        SecurityHeaders().add(to: &headers)
        return WebResponse(status: 303, headers: headers, body: [])
    }

    /// Whose link it is, while it is good. Whoever is disabled cannot use it.
    private func user(_ token: Secret) async throws(ProviderStoreFailure) -> StoredUser? {
        guard let invitation = try await users.store.invitation(SecretDigest(of: token)),
            issuer.clock.now < invitation.expiresAt,
            let user = try await users.store.user(id: invitation.userID), !user.isDisabled
        else { return nil }
        return user
    }

    private func page(_ form: PasswordPage, _ token: String, _ request: WebRequest) -> WebResponse {
        var form = form
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        form.hiddenFields = [HiddenField(name: ProvenForm.field, value: cookie.proof(of: Self.purpose(token)))]
        var response = form.response()
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    private static func purpose(_ token: String) -> String { "invitation " + token }

    private func set(
        _ token: String, _ user: StoredUser, _ form: PasswordPage, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        guard let fields = FormBody.fields(request), fields.repeatedName == nil,
            ProvenForm.isOurs(fields, about: Self.purpose(token), in: request, issuer: issuer)
        else { return issuer.crossSiteForm(request, form.look) }
        switch await NewPasswordForm(fields: fields).hashed(by: users.parts.passwords, .of(form.look.language)) {
        case .busy: return issuer.unavailable("too many passwords to hash", "the page of invitations", request, form.look)
        case .refused(let sentence):
            var form = form
            form.error = sentence
            return page(form, token, request)
        case .hashed(let hash):
            let now = issuer.clock.now
            guard let user = try await users.store.accept(SecretDigest(of: Secret(utf8: token)), hash: hash, now: now) else {
                return gone(form.look, "a link that was used meanwhile", request)
            }
            // A password that is set anew is often one that somebody else knew.
            try await users.end(user, reason: "the password was set with a link")
            issuer.record(.passwordChanged, "set with a link", identity: users.identity(of: user), request: request)
            var response = MessagePage(PasswordTexts.of(form.look.language).isSet, look: form.look).response(status: 200)
            response.headers.add("set-cookie", InvitationCookie.deletion(issuer: issuer))
            return response
        }
    }

    private func gone(_ look: PageLook, _ reason: String, _ request: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.refusal, "invitation: \(reason)", reference: reference, request: request)
        return MessagePage(PasswordTexts.of(look.language).linkIsGone, reference: reference.text, look: look)
            .response(status: 404)
    }
}

extension Issuer {
    /// For a page that cannot do its work at the moment. `detail` is for the log.
    func unavailable(_ detail: String, _ page: String, _ request: WebRequest, _ look: PageLook) -> WebResponse {
        let reference = Reference(randomness: randomness)
        logger.error(
            "a page failed on our side",
            metadata: [
                "page": .string(page), "detail": .string(detail), "reference": .string(reference.text),
                "request_id": .string(request.id),
            ])
        return ProviderPages(look: look).unavailable(retryAfter: 5, reference: reference)
    }
}
