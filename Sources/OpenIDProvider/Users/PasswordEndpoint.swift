import Accounts
import JOSE
import Web

/// `/password`: where somebody who is signed in changes their password. All their other sessions end with the old one.
struct PasswordEndpoint {
    private static let purpose = "password"

    let users: UserAccounts
    let issuer: Issuer

    func respond(to request: WebRequest) async -> WebResponse {
        let look = issuer.look(for: request)
        do throws(ProviderStoreFailure) {
            guard let session = try await SSOSessions(issuer: issuer).current(request) else {
                return ProviderPages(look: look).notSignedIn()
            }
            guard let account = session.accounts.first(where: { sameBytes($0.connectorID, UserAccounts.connectorID) }),
                let user = try await users.store.user(id: account.user.id), !user.isDisabled, let hash = user.hash
            else { return MessagePage(PasswordTexts.of(look.language).keptElsewhere, look: look).response(status: 404) }
            if let first = try await issuer.pageBeforeOwnPages(account, request) { return first }
            let form = PasswordPage(.change(user: user.email), action: "\(issuer.path)/password", look: look)
            guard sameBytes(request.method, "POST") else { return page(form, request) }
            guard let fields = FormBody.fields(request), fields.repeatedName == nil,
                ProvenForm.isOurs(fields, about: Self.purpose, in: request, issuer: issuer)
            else { return issuer.crossSiteForm(request, look) }
            return try await change(NewPasswordForm(fields: fields), user, hash, account, form, request)
        } catch {
            return issuer.unavailable(error.detail, "the page that changes passwords", request, look)
        }
    }

    private func page(_ form: PasswordPage, status: Int = 200, _ request: WebRequest) -> WebResponse {
        var form = form
        let cookie = LoginCookie.current(in: request, issuer: issuer)
        form.hiddenFields = [HiddenField(name: ProvenForm.field, value: cookie.proof(of: Self.purpose))]
        var response = form.response(status: status)
        response.headers.add("set-cookie", cookie.setCookie(issuer))
        return response
    }

    private func change(
        _ passwords: NewPasswordForm, _ user: StoredUser, _ hash: Secret, _ account: SSOAccount, _ form: PasswordPage,
        _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        // Whoever sits at a browser that somebody left tries passwords as strangers do.
        let attempt = PasswordAttempt(login: user.email, connectorID: UserAccounts.connectorID, request: request, issuer: issuer)
        let texts = PasswordTexts.of(form.look.language)
        let counted: PasswordAttempts.Counted
        switch await issuer.passwordAttempts.begin(attempt, password: passwords.old, now: issuer.clock.now) {
        case .wait(let seconds):
            var response = refuse(form, texts.tryAgain(in: seconds), "too many wrong passwords", status: 429, request)
            response.headers.add("retry-after", "\(seconds)")
            return response
        case .counted(let begun): counted = begun
        }
        switch await users.parts.passwords.matches(passwords.old, hash: hash) {
        case nil:
            await issuer.passwordAttempts.takeBack(counted, now: issuer.clock.now)
            return issuer.unavailable("too many passwords to check", "the page that changes passwords", request, form.look)
        case false?:
            issuer.passwordAttempts.failed(counted, now: issuer.clock.now)
            return refuse(form, texts.wrongOld, "wrong old password", status: 401, request)
        case true?: await issuer.passwordAttempts.succeeded(counted, now: issuer.clock.now)
        }
        switch await passwords.hashed(by: users.parts.passwords, texts) {
        case .busy:
            return issuer.unavailable("too many passwords to hash", "the page that changes passwords", request, form.look)
        case .refused(let sentence):
            var form = form
            form.error = sentence
            return page(form, request)
        case .hashed(let new):
            return try await store(new, user, account, form.look, request)
        }
    }

    private func store(
        _ hash: Secret, _ user: StoredUser, _ account: SSOAccount, _ look: PageLook, _ request: WebRequest
    ) async throws(ProviderStoreFailure) -> WebResponse {
        var changed = user
        changed.hash = hash
        changed.passwordChangedAt = issuer.clock.now
        changed.version = user.version.addingReportingOverflow(1).partialValue
        guard try await users.store.replace(changed) == .replaced else {
            return issuer.unavailable("the user changed meanwhile", "the page that changes passwords", request, look)
        }
        try await users.end(changed, reason: "the user changed the password", except: account)
        issuer.record(.passwordChanged, "by the user", identity: users.identity(of: changed), request: request)
        return MessagePage(PasswordTexts.of(look.language).isChanged, look: look).response(status: 200)
    }

    private func refuse(
        _ form: PasswordPage, _ sentence: String, _ reason: String, status: Int, _ request: WebRequest
    ) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(.refusal, "password: \(reason)", reference: reference, request: request)
        var form = form
        form.error = sentence
        form.reference = reference.text
        return page(form, status: status, request)
    }
}
