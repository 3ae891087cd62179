import JOSE
import Web
import WebAuthn

/// Passkeys of accounts: made, and used. Who may do what with them is decided by whoever calls.
struct Passkeys: Sendable {
    /// More are nobody's: each makes the lists that browsers get longer.
    static let limitPerAccount = 10
    static let maximumLabelLength = 64

    let issuer: Issuer
    let policy: RelyingPartyPolicy

    /// `nil` where the operator has none.
    init?(_ issuer: Issuer) {
        guard let policy = issuer.settings.passkeys else { return nil }
        self.issuer = issuer
        self.policy = policy
    }

    /// For the login page of a connector: `nil` where none of its users has one.
    static func offered(by connectorID: String, _ issuer: Issuer) async -> Passkeys? {
        guard let passkeys = Passkeys(issuer), await issuer.passkeyPresence.isKnown(of: connectorID, issuer) else { return nil }
        return passkeys
    }

    private var now: UnixTime { issuer.clock.now }

    /// Somebody may be whoever the passkey says: it stands for all factors, so the authenticator has to have verified its user.
    func signIn(
        _ reply: PasskeyReply, connectorID: String
    ) async throws(ProviderStoreFailure) -> Result<SecondFactor, PasskeyRefusal> {
        try await use(reply, for: .signIn(connectorID: connectorID), policy.verifyingUser) {
            sameBytes($0.account.connectorID, connectorID)
        }
    }

    /// Somebody who has given their first factor has one of their own.
    func prove(
        _ reply: PasskeyReply, by account: SecondFactorAccount
    ) async throws(ProviderStoreFailure) -> Result<SecondFactor, PasskeyRefusal> {
        try await use(reply, for: .prove(subject: account.subject), policy) { $0.account == account }
    }

    private func use(
        _ reply: PasskeyReply, for ceremony: PasskeyChallenge.Ceremony, _ policy: RelyingPartyPolicy,
        _ isAllowed: (SecondFactor) -> Bool
    ) async throws(ProviderStoreFailure) -> Result<SecondFactor, PasskeyRefusal> {
        let challenge: PasskeyChallenge
        switch opened(reply, for: ceremony) {
        case .success(let opened): challenge = opened
        case .failure(let refusal): return .failure(refusal)
        }
        guard let response = reply.json.flatMap(AssertionResponse.init(json:)) else { return .failure(.unreadable) }
        guard let factor = try await issuer.secondFactors.secondFactor(credentialID: response.credentialID),
            let credential = factor.passkey, isAllowed(factor)
        else { return .failure(.unknownCredential) }
        let assertion: VerifiedAssertion
        do throws(CeremonyRefusal) {
            assertion = try Assertion(
                policy: policy, challenge: reply.challenge, credential: credential, isDiscovered: ceremony.isDiscovered
            ).verify(response)
        } catch { return .failure(.ceremony(error)) }
        return try await noted(factor.used(assertion, at: now), challenge, reply)
    }

    /// The challenge in the form, if it is one for this and still counts.
    private func opened(
        _ reply: PasskeyReply, for ceremony: PasskeyChallenge.Ceremony
    ) -> Result<PasskeyChallenge, PasskeyRefusal> {
        guard let challenge = PasskeyChallenge(sealed: reply.sealedChallenge, keys: issuer.passkeyKeys),
            challenge.ceremony == ceremony
        else { return .failure(.foreignChallenge) }
        return now < challenge.expiresAt ? .success(challenge) : .failure(.expired)
    }

    /// Nothing was stored until now: whoever comes here has proved that the passkey is theirs.
    private func noted(
        _ used: SecondFactor, _ challenge: PasskeyChallenge, _ reply: PasskeyReply
    ) async throws(ProviderStoreFailure) -> Result<SecondFactor, PasskeyRefusal> {
        let name = SecretDigest.name(PasskeyChallenge.purpose, reply.sealedChallenge)
        guard try await issuer.transients.takeOnce(name, until: challenge.expiresAt) else { return .failure(.replayed) }
        return try await issuer.secondFactors.replace(used) ? .success(used) : .failure(.overtaken)
    }

    // Making one.

    /// What has become of an account with a new passkey.
    struct Added: Sendable {
        let factor: SecondFactor
        /// Those that came with it; empty: there are some already.
        let recoveryCodes: [Secret]
    }

    func add(
        _ reply: PasskeyReply, to account: SSOAccount, label: String
    ) async throws(ProviderStoreFailure) -> Result<Added, PasskeyRefusal> {
        switch try await created(reply, for: account, label: label) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let factor):
            guard let codes = try await SecondFactors(issuer: issuer).add(factor) else { return .failure(.notAdded) }
            issuer.passkeyPresence.note(factor.account.connectorID)
            return .success(Added(factor: factor, recoveryCodes: codes))
        }
    }

    private func created(
        _ reply: PasskeyReply, for account: SSOAccount, label: String
    ) async throws(ProviderStoreFailure) -> Result<SecondFactor, PasskeyRefusal> {
        let owner = SecondFactorAccount(account)
        let challenge: PasskeyChallenge
        switch opened(reply, for: .create(subject: owner.subject)) {
        case .success(let opened): challenge = opened
        case .failure(let refusal): return .failure(refusal)
        }
        guard let response = reply.json.flatMap(RegistrationResponse.init(json:)) else { return .failure(.unreadable) }
        let credential: RegisteredCredential
        do throws(CeremonyRefusal) {
            credential = try Registration(policy: policy, challenge: reply.challenge, now: now).verify(response)
        } catch { return .failure(.ceremony(error)) }
        guard try await all(of: owner).count < Self.limitPerAccount else { return .failure(.notAdded) }
        let name = SecretDigest.name(PasskeyChallenge.purpose, reply.sealedChallenge)
        guard try await issuer.transients.takeOnce(name, until: challenge.expiresAt) else { return .failure(.replayed) }
        return .success(
            SecondFactor(
                credential, id: issuer.randomness.identifier(), of: owner, label: Self.label(label), login: account.login,
                now: now))
    }

    func all(of account: SecondFactorAccount) async throws(ProviderStoreFailure) -> [SecondFactor] {
        try await issuer.secondFactors.secondFactors(of: account).filter { $0.kind == .passkey }
    }

    /// One line, of a length that fits a list.
    private static func label(_ typed: String) -> String {
        String(
            String.UnicodeScalarView(
                typed.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
                    .prefix(maximumLabelLength)))
    }
}

extension PasskeyChallenge.Ceremony {
    /// Whether the browser is not told whose passkey it is.
    var isDiscovered: Bool {
        switch self {
        case .signIn: true
        case .prove, .create: false
        }
    }
}
