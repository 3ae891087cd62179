import Accounts
import JOSE
import Web
import WebAuthn

/// `/auth/{connector}/passkey`: what the login page's other button posts. The passkey says who it is, and stands for all factors, as its
/// authenticator has verified its user.
struct PasskeySignInEndpoint {
    let issuer: Issuer

    static func path(_ issuer: Issuer, connector: String) -> String { "\(issuer.path)/auth/\(connector)/passkey" }

    func respond(to web: WebRequest, connector id: String) async -> WebResponse {
        guard let passkeys = Passkeys(issuer), let connector = issuer.connector(id)?.asPasswordConnector else {
            return issuer.pages(for: web).notFound()
        }
        let fields = FormBody.fields(web)
        switch PendingSignIn.read(fields, issuer: issuer) {
        case .unknown: return issuer.pages(for: web).badRequest()
        case .expired(let application, let home): return issuer.pages(for: web).expired(application: application, home: home)
        case .pending(let signIn):
            guard signIn.flow(web, issuer).connectors.contains(where: { sameBytes($0.id, connector.id) }) else {
                return issuer.pages(for: web).notFound()
            }
            let form = SignInForm(issuer: issuer, signIn: signIn, connector: connector, request: web, passkeys: passkeys)
            guard let fields, fields.repeatedName == nil, FormOrigin.isOurs(web, issuer: issuer.settings.issuer) else {
                return issuer.crossSiteForm(web, form.look)
            }
            do throws(ProviderStoreFailure) { return try await check(form, passkeys, fields) } catch {
                return signIn.flow(web, issuer).unavailable(error.detail)
            }
        }
    }

    private func check(
        _ form: SignInForm, _ passkeys: Passkeys, _ fields: FormFields
    ) async throws(ProviderStoreFailure) -> WebResponse {
        guard let browser = form.browser(provenBy: fields), let reply = PasskeyReply(fields, browser: browser) else {
            return form.page(login: "", error: form.look.texts.signInOnceMore)
        }
        if let seconds = issuer.passkeyBound.take(form.request.clientAddress, now: issuer.clock.now) {
            let reference = note(form, "too many passkeys")
            return form.pages.unavailable(retryAfter: Int(clamping: seconds), reference: reference)
        }
        switch try await passkeys.signIn(reply, connectorID: form.connector.id) {
        case .failure(let refusal):
            let reference = note(form, refusal.reason)
            return form.page(
                login: "", isRemembered: form.isRemembered(fields), error: refusal.sentence(form.look), reference: reference,
                status: 401)
        case .success(let factor): return try await complete(form, factor, browser, isRemembered: form.isRemembered(fields))
        }
    }

    /// Asks the connector who that is now: whoever was disabled or removed is not let in.
    private func complete(
        _ form: SignInForm, _ factor: SecondFactor, _ browser: LoginCookie, isRemembered: Bool
    ) async throws(ProviderStoreFailure) -> WebResponse {
        let known = ConnectorUser(id: factor.account.userID, claims: JSONObject())
        switch await form.connector.refresh(known) {
        case .gone:
            let reference = note(form, "passkey: the user can no longer sign in")
            return form.page(
                login: "", isRemembered: isRemembered, error: PasskeyTexts.of(form.look.language).refused, reference: reference,
                status: 401)
        case .failed(let detail): return form.signIn.flow(form.request, issuer).unavailable(detail)
        case .current(let user):
            let given = GivenFactor(passkey: factor)
            let identity = Identity(issuer: issuer.settings.issuer, subject: factor.account.subject, claims: user.claims)
            issuer.record(
                .secondFactorUsed, "passkey, alone", identity: identity, client: form.signIn.client.id, request: form.request)
            var completion = SignInCompletion(
                signIn: form.signIn, connectorID: form.connector.id, login: factor.passkeyLogin, isRemembered: isRemembered,
                browser: browser, web: form.request, issuer: issuer)
            completion.secondFactorAt = issuer.clock.now
            return await completion.complete(user, Authentication(amr: given.amr + ["mfa"], acr: ""))
        }
    }

    private func note(_ form: SignInForm, _ reason: String) -> Reference {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .signInFailed, reason, reference: reference, client: form.signIn.client.id, request: form.request)
        return reference
    }
}
