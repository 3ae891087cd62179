import Accounts
import JOSE
import Web

/// The page on which somebody gives their second factor for an authorization request, or sets one up for it.
struct SecondFactorForm {
    static let stepField = "step"

    let flow: AuthorizationFlow
    let step: SecondFactorStep
    let account: SSOAccount
    let browser: LoginCookie

    private var issuer: Issuer { flow.issuer }

    /// What the form's proof is about.
    static func purpose(_ sealed: String) -> String { "second factor " + sealed }

    /// - Parameter offer: where the form was shown with one already.
    func page(
        _ standing: SecondFactorStanding, offer: EnrolmentOffer? = nil, problem: SecondFactorPage.Problem? = nil
    ) -> WebResponse {
        let content: SecondFactorPage.Content
        var fields: [HiddenField]
        let passkey: PasskeyForm?
        do {
            let sealed = try step.sealed(with: issuer.secondFactorStepKeys)
            fields = [
                HiddenField(name: Self.stepField, value: sealed),
                HiddenField(name: ProvenForm.field, value: browser.proof(of: Self.purpose(sealed))),
            ]
            passkey = try passkeyForm(standing, fields)
            switch standing {
            case .notDue, .due: content = .code
            case .enrolment:
                let offer = offer ?? EnrolmentOffer(SecondFactorAccount(account), browser: browser, issuer: issuer)
                fields.append(
                    HiddenField(name: EnrolmentOffer.field, value: try offer.sealed(with: issuer.secondFactorOfferKeys)))
                content = issuer.enrolment(offer, account)
            }
        } catch { return flow.internalError() }
        var page = SecondFactorPage(content, action: "\(issuer.path)/second-factor", hiddenFields: fields, look: flow.look)
        page.user = account.label
        page.formTargets = flow.formTargets
        page.problem = problem
        if case .signedIn = step.person { page.signOut = "\(issuer.path)/logout" }
        page.passkey = passkey
        if passkey != nil, standing.isWithoutApp {
            let texts = PasskeyTexts.of(flow.look.language)
            (page.heading, page.sentence) = (texts.use, texts.useOrRecover)
        }
        var response = page.response()
        response.headers.add("set-cookie", browser.setCookie(issuer))
        return response
    }

    /// Beside the code: a passkey that is there, or a new one.
    private func passkeyForm(
        _ standing: SecondFactorStanding, _ fields: [HiddenField]
    ) throws(ProviderStoreFailure) -> PasskeyForm? {
        guard let passkeys = Passkeys(issuer) else { return nil }
        let action = "\(issuer.path)/second-factor"
        switch standing {
        case .notDue: return nil
        case .due(let factors):
            return try passkeys.proofForm(
                action: action, of: SecondFactorAccount(account), factors, hiddenFields: fields, browser)
        case .enrolment:
            return try passkeys.creationForm(action: action, for: account, having: [], hiddenFields: fields, browser)
        }
    }
}

extension Issuer {
    /// What a page shows of a key that is offered.
    func enrolment(_ offer: EnrolmentOffer, _ account: SSOAccount) -> SecondFactorPage.Content {
        let uri = TOTP.uri(offer.key, issuer: settings.secondFactor.label, user: account.label)
        return .enrolment(key: Base32.encode(offer.key.bytes), uri: uri)
    }
}
