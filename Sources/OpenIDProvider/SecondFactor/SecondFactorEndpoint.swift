import Accounts
import JOSE
import Web

/// `/second-factor`: what the page posts on which somebody gives their second factor, or sets one up, on the way to a client.
struct SecondFactorEndpoint {
    let issuer: Issuer

    func respond(to web: WebRequest) async -> WebResponse {
        let look = issuer.look(for: web)
        do throws(ProviderStoreFailure) {
            let post = try await SecondFactorPost(web, issuer)
            if let failed = SecondFactorChecks.all.first(where: { !$0.isFulfilled(post) }) { return refuse(failed, post, web) }
            guard let fields = post.fields, let step = post.step, let browser = post.browser, let client = post.client,
                let account = post.account
            else { return issuer.pages(for: web).badRequest() }
            let flow = AuthorizationFlow(issuer: issuer, web: web, client: client, request: step.request)
            let form = SecondFactorForm(flow: flow, step: step, account: account, browser: browser)
            let standing = try await SecondFactors(issuer: issuer).standing(of: account, at: client, for: step.request.demand)
            switch standing {
            case .notDue: return try await SecondFactorCompletion(form).complete(with: nil)
            case .due: return try await check(form, standing, fields)
            case .enrolment: return try await enrol(form, fields)
            }
        } catch { return issuer.unavailable(error.detail, "the page of second factors", web, look) }
    }

    private func check(
        _ form: SecondFactorForm, _ standing: SecondFactorStanding, _ fields: FormFields
    ) async throws(ProviderStoreFailure) -> WebResponse {
        if let passkey = PasskeyStep(form, fields) { return try await passkey.prove(standing) }
        let code = SecondFactorCode(account: SecondFactorAccount(form.account), web: form.flow.web, issuer: issuer)
        let answer = try await code.answer(fields.first(SecondFactorPage.codeField) ?? "")
        if let problem = problem(answer, form) { return form.page(standing, problem: problem) }
        guard case .accepted(let kind) = answer else { return form.flow.internalError() }
        var response = try await SecondFactorCompletion(form).complete(with: GivenFactor(code: kind))
        response.headers.add("set-cookie", code.deviceCookie)
        return response
    }

    /// Somebody who has to have a second factor sets up an app, or a passkey.
    private func enrol(_ form: SecondFactorForm, _ fields: FormFields) async throws(ProviderStoreFailure) -> WebResponse {
        if let passkey = PasskeyStep(form, fields) { return try await passkey.enrol() }
        let account = SecondFactorAccount(form.account)
        let offer = fields.first(EnrolmentOffer.field).flatMap {
            EnrolmentOffer(sealed: $0, keys: issuer.secondFactorOfferKeys)
        }
        // All factors may have been reset since the page was shown that asked for one.
        guard let offer, offer.fits(account, form.browser, now: issuer.clock.now) else { return form.page(.enrolment) }
        let code = SecondFactorCode(account: account, web: form.flow.web, issuer: issuer)
        let (answer, step) = try await code.enrolment(fields.first(SecondFactorPage.codeField) ?? "", key: offer.key)
        if let problem = problem(answer, form) { return form.page(.enrolment, offer: offer, problem: problem) }
        guard let codes = try await SecondFactors(issuer: issuer).addTOTP(key: offer.key, step: step, to: account) else {
            // Set up in another tab meanwhile: that one is asked for.
            return form.page(.due([]))
        }
        issuer.record(.secondFactorEnrolled, SecondFactor.Kind.totp, form.account, form.flow)
        var response = try await SecondFactorCompletion(form).complete(with: GivenFactor(code: .totp), showing: codes)
        response.headers.add("set-cookie", code.deviceCookie)
        return response
    }

    /// What the page says to a code that is not accepted, with its audit line.
    private func problem(_ answer: SecondFactorCode.Answer, _ form: SecondFactorForm) -> SecondFactorPage.Problem? {
        issuer.problem(answer, form.account, client: form.flow.client.id, form.flow.web)
    }

    private func refuse(_ check: SecondFactorCheck, _ post: SecondFactorPost, _ web: WebRequest) -> WebResponse {
        let reference = Reference(randomness: issuer.randomness)
        issuer.record(
            .secondFactorRefused, "\(check.name) (\(check.section))", reference: reference, client: post.client?.id, request: web)
        let request = post.step?.request
        let pages = issuer.pages(for: web, uiLocales: request?.uiLocales)
        switch check.answer {
        case .badRequest: return pages.badRequest(reference: reference)
        case .crossSite: return pages.crossSite(reference: reference)
        case .expired:
            let home = request.flatMap { Origin($0.redirectURI) }.map { "\($0)/" }
            return pages.expired(application: post.client?.name ?? "", home: home, reference: reference)
        }
    }
}

extension Issuer {
    /// What a page says to a code that is not accepted, with its audit line; `nil` for one that is.
    func problem(
        _ answer: SecondFactorCode.Answer, _ account: SSOAccount, client: String?, _ web: WebRequest
    ) -> SecondFactorPage.Problem? {
        let reference = Reference(randomness: randomness)
        func note(_ reason: String) {
            record(
                .secondFactorRefused, reason, reference: reference, identity: identity(of: account), client: client, request: web)
        }
        switch answer {
        case .accepted: return nil
        case .wrong(let reason):
            note(reason)
            return .wrong(reference: reference.text)
        case .tooMany(let seconds):
            note("too many wrong codes")
            return .tooMany(retryAfter: seconds, reference: reference.text)
        }
    }

    func identity(of account: SSOAccount) -> Identity {
        Identity(issuer: settings.issuer, subject: account.subject, claims: account.user.claims)
    }

    fileprivate func record(
        _ kind: AuditEvent.Kind, _ factor: SecondFactor.Kind, _ account: SSOAccount, _ flow: AuthorizationFlow
    ) {
        record(kind, factor.rawValue, identity: identity(of: account), client: flow.client.id, request: flow.web)
    }
}
