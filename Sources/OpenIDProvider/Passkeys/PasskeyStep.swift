import Accounts
import JOSE
import Web

/// A passkey in place of a code, on the way to a client: given, or made where one has to be.
struct PasskeyStep {
    let form: SecondFactorForm
    let passkeys: Passkeys
    let reply: PasskeyReply
    /// What its owner calls a new one.
    let label: String

    private var issuer: Issuer { form.flow.issuer }

    /// `nil` where the form was not posted by a passkey's button.
    init?(_ form: SecondFactorForm, _ fields: FormFields) {
        guard let passkeys = Passkeys(form.flow.issuer), let reply = PasskeyReply(fields, browser: form.browser) else {
            return nil
        }
        self.form = form
        self.passkeys = passkeys
        self.reply = reply
        label = fields.first(PasskeyForm.labelField) ?? ""
    }

    func prove(_ standing: SecondFactorStanding) async throws(ProviderStoreFailure) -> WebResponse {
        switch try await passkeys.prove(reply, by: SecondFactorAccount(form.account)) {
        case .failure(let refusal): form.page(standing, problem: problem(refusal))
        case .success(let factor): try await SecondFactorCompletion(form).complete(with: GivenFactor(passkey: factor))
        }
    }

    func enrol() async throws(ProviderStoreFailure) -> WebResponse {
        switch try await passkeys.add(reply, to: form.account, label: label) {
        case .failure(let refusal): return form.page(.enrolment, problem: problem(refusal))
        case .success(let added):
            issuer.record(
                .secondFactorEnrolled, added.factor.kind.rawValue, identity: issuer.identity(of: form.account),
                client: form.flow.client.id, request: form.flow.web)
            return try await SecondFactorCompletion(form).complete(
                with: GivenFactor(passkey: added.factor), showing: added.recoveryCodes)
        }
    }

    private func problem(_ refusal: PasskeyRefusal) -> SecondFactorPage.Problem {
        issuer.problem(refusal, form.account, client: form.flow.client.id, form.flow.web, form.flow.look)
    }
}

extension Issuer {
    /// What a page says to a passkey that is not accepted, with its audit line.
    func problem(
        _ refusal: PasskeyRefusal, _ account: SSOAccount, client: String?, _ web: WebRequest, _ look: PageLook
    ) -> SecondFactorPage.Problem {
        let reference = Reference(randomness: randomness)
        record(
            .secondFactorRefused, refusal.reason, reference: reference, identity: identity(of: account), client: client,
            request: web)
        return .passkey(refusal.sentence(look), reference: reference.text)
    }
}
