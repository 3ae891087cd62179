import Accounts
import JOSE
import Web

/// `/second-factors`: where somebody who is signed in sees and changes what they sign in with beside their first factor. Whoever has
/// something there has to have given it lately; whoever has nothing has to have signed in lately.
struct SecondFactorsEndpoint {
    /// Seconds for which a second factor that was given lets its owner change things.
    static let freshSecondFactor: Int64 = 300
    /// Seconds after the sign-in in which somebody who has none sets up the first.
    static let freshSignIn: Int64 = 900

    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        let look = issuer.look(for: web)
        do throws(ProviderStoreFailure) {
            guard let session = try await SSOSessions(issuer: issuer).current(web) else {
                return ProviderPages(look: look).notSignedIn()
            }
            guard sameBytes(web.method, "POST") else {
                let named = FormFields(query: web.query)?.first(SecondFactorsForm.accountField).flatMap(session.account)
                guard let account = named ?? session.accounts.first else { return ProviderPages(look: look).notSignedIn() }
                return try await SecondFactorsForm(issuer: issuer, account: account, web: web).page()
            }
            guard let fields = FormBody.fields(web), fields.repeatedName == nil,
                let account = fields.first(SecondFactorsForm.accountField).flatMap(session.account),
                FormOrigin.isOurs(web, issuer: issuer.settings.issuer),
                let browser = ProvenForm.browser(
                    of: fields, about: SecondFactorsForm.purpose(account), in: web, issuer: issuer)
            else { return issuer.crossSiteForm(web, look) }
            return try await act(SecondFactorsForm(issuer: issuer, account: account, web: web, browser: browser), fields)
        } catch { return issuer.unavailable(error.detail, "the page of second factors", web, look) }
    }

    private func act(_ form: SecondFactorsForm, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        let action = fields.first(SecondFactorsForm.actionField).flatMap(SecondFactorsForm.Action.init)
        if action == .confirm { return try await confirm(form, fields) }
        switch try await form.standing() {
        case .confirmation: return try await form.page()
        case .signIn: return form.signInAgain()
        case .open: break
        }
        switch action {
        case .begin: return form.enrolment(nil)
        case .enrol: return try await enrol(form, fields)
        case .remove: return try await remove(form, fields.first(SecondFactorsForm.factorField) ?? "")
        case .regenerate: return try await regenerate(form)
        case .passkey: return try await addPasskey(form, fields)
        case .confirm, nil: return try await form.page()
        }
    }

    private func confirm(_ form: SecondFactorsForm, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        if let passkeys = Passkeys(issuer), let reply = form.browser.flatMap({ PasskeyReply(fields, browser: $0) }) {
            switch try await passkeys.prove(reply, by: SecondFactorAccount(form.account)) {
            case .failure(let refusal):
                return try await form.page(problem: issuer.problem(refusal, form.account, client: nil, form.web, form.look))
            case .success(let factor):
                form.record(.secondFactorUsed, factor.kind.rawValue)
                return try await raise(form, GivenFactor(passkey: factor)) { Redirection.seeOther($0.url) }
            }
        }
        let code = SecondFactorCode(account: SecondFactorAccount(form.account), web: form.web, issuer: issuer)
        let answer = try await code.answer(fields.first(SecondFactorPage.codeField) ?? "")
        if let problem = issuer.problem(answer, form.account, client: nil, form.web) {
            return try await form.page(problem: problem)
        }
        guard case .accepted(let kind) = answer else { return try await form.page() }
        form.record(.secondFactorUsed, kind.rawValue)
        return try await raise(form, GivenFactor(code: kind), [code.deviceCookie]) { Redirection.seeOther($0.url) }
    }

    private func enrol(_ form: SecondFactorsForm, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        let account = SecondFactorAccount(form.account)
        let offer = fields.first(EnrolmentOffer.field).flatMap {
            EnrolmentOffer(sealed: $0, keys: issuer.secondFactorOfferKeys)
        }
        guard let offer, let browser = form.browser, offer.fits(account, browser, now: issuer.clock.now) else {
            return form.enrolment(nil)
        }
        let code = SecondFactorCode(account: account, web: form.web, issuer: issuer)
        let (answer, step) = try await code.enrolment(fields.first(SecondFactorPage.codeField) ?? "", key: offer.key)
        if let problem = issuer.problem(answer, form.account, client: nil, form.web) {
            return form.enrolment(offer, problem: problem)
        }
        guard let codes = try await SecondFactors(issuer: issuer).addTOTP(key: offer.key, step: step, to: account) else {
            return try await form.page()
        }
        form.record(.secondFactorEnrolled, SecondFactor.Kind.totp.rawValue)
        return try await raise(form, GivenFactor(code: .totp), [code.deviceCookie]) { raised in
            codes.isEmpty ? Redirection.seeOther(raised.url) : raised.recoveryCodes(codes)
        }
    }

    private func addPasskey(_ form: SecondFactorsForm, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        guard let passkeys = Passkeys(issuer), let reply = form.browser.flatMap({ PasskeyReply(fields, browser: $0) }) else {
            return try await form.page()
        }
        let label = fields.first(PasskeyForm.labelField) ?? ""
        switch try await passkeys.add(reply, to: form.account, label: label) {
        case .failure(let refusal):
            return try await form.page(problem: issuer.problem(refusal, form.account, client: nil, form.web, form.look))
        case .success(let added):
            form.record(.secondFactorEnrolled, added.factor.kind.rawValue)
            let codes = added.recoveryCodes
            return try await raise(form, GivenFactor(passkey: added.factor)) { raised in
                codes.isEmpty ? Redirection.seeOther(raised.url) : raised.recoveryCodes(codes)
            }
        }
    }

    /// The session with a second factor that was given just now, under a new id.
    private func raise(
        _ form: SecondFactorsForm, _ given: GivenFactor, _ cookies: [String] = [],
        _ response: (SecondFactorsForm) -> WebResponse
    ) async throws(ProviderStoreFailure) -> WebResponse {
        let now = issuer.clock.now
        guard let browser = form.browser,
            let begun = try await SSOSessions(issuer: issuer).stepUp(
                accountID: form.account.id, browser: browser, form.web, { $0.with(given, at: now) })
        else { return ProviderPages(look: form.look).notSignedIn() }
        var raised = form
        raised.account = begun.account
        var response = response(raised)
        for cookie in begun.cookies + cookies { response.headers.add("set-cookie", cookie) }
        return response
    }

    private func remove(_ form: SecondFactorsForm, _ id: String) async throws(ProviderStoreFailure) -> WebResponse {
        let kind = try await SecondFactors(issuer: issuer).remove(id: id, of: SecondFactorAccount(form.account))
        if let kind { form.record(.secondFactorChanged, "removed: \(kind.rawValue)") }
        return Redirection.seeOther(form.url)
    }

    private func regenerate(_ form: SecondFactorsForm) async throws(ProviderStoreFailure) -> WebResponse {
        let account = SecondFactorAccount(form.account)
        guard let codes = try await SecondFactors(issuer: issuer).regenerateRecoveryCodes(of: account) else {
            return try await form.page()
        }
        form.record(.secondFactorChanged, "new recovery codes")
        return form.recoveryCodes(codes)
    }
}
