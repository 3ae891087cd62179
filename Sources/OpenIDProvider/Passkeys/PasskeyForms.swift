import JOSE
import Web
import WebAuthn

extension Passkeys {
    /// The button on the login page.
    func signInForm(
        action: String, connectorID: String, hiddenFields: [HiddenField], _ browser: LoginCookie
    ) throws(ProviderStoreFailure) -> PasskeyForm {
        let challenge = try sealed(.signIn(connectorID: connectorID))
        let options = RequestOptions(policy: policy.verifyingUser, challenge: PasskeyChallenge.bytes(of: challenge, in: browser))
        return PasskeyForm(
            .signIn, action: action, hiddenFields: hiddenFields + [HiddenField(name: PasskeyChallenge.field, value: challenge)],
            options: options.json.jsonText)
    }

    /// The button on the page that asks for a second factor; `nil` where the account has no passkey.
    func proofForm(
        action: String, of account: SecondFactorAccount, _ factors: [SecondFactor], hiddenFields: [HiddenField],
        _ browser: LoginCookie
    ) throws(ProviderStoreFailure) -> PasskeyForm? {
        let allowed = factors.compactMap(\.passkey?.id)
        guard !allowed.isEmpty else { return nil }
        let challenge = try sealed(.prove(subject: account.subject))
        let options = RequestOptions(
            policy: policy, challenge: PasskeyChallenge.bytes(of: challenge, in: browser), allowed: allowed)
        return PasskeyForm(
            .prove, action: action, hiddenFields: hiddenFields + [HiddenField(name: PasskeyChallenge.field, value: challenge)],
            options: options.json.jsonText)
    }

    /// The form that makes a new one.
    func creationForm(
        action: String, for account: SSOAccount, having factors: [SecondFactor], hiddenFields: [HiddenField],
        _ browser: LoginCookie
    ) throws(ProviderStoreFailure) -> PasskeyForm {
        let owner = SecondFactorAccount(account)
        let challenge = try sealed(.create(subject: owner.subject))
        let options = CreationOptions(
            policy: policy, challenge: PasskeyChallenge.bytes(of: challenge, in: browser), userHandle: owner.passkeyUserHandle,
            userName: account.label, displayName: account.user.claims["name"]?.string ?? account.label,
            excluded: factors.compactMap(\.passkey?.id))
        return PasskeyForm(
            .create, action: action, hiddenFields: hiddenFields + [HiddenField(name: PasskeyChallenge.field, value: challenge)],
            options: options.json.jsonText)
    }

    private func sealed(_ ceremony: PasskeyChallenge.Ceremony) throws(ProviderStoreFailure) -> String {
        try PasskeyChallenge(ceremony, now: issuer.clock.now).sealed(with: issuer.passkeyKeys)
    }
}

extension PasskeyRefusal {
    /// What the person reads.
    func sentence(_ look: PageLook) -> String {
        let texts = PasskeyTexts.of(look.language)
        return self == .expired ? texts.expired : texts.refused
    }
}
