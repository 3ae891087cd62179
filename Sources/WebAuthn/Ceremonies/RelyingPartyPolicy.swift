/// Who asks, and what for: the same for all ceremonies.
package struct RelyingPartyPolicy: Sendable {
    /// The relying party's id: a host (WebAuthn §5.1.2).
    package let id: String
    /// What browsers and authenticators show.
    package let name: String
    /// Where our pages are, exactly as browsers write it.
    package let origin: String
    package var userVerification: UserVerification
    package var attestation: AttestationPolicy
    /// The dearest first.
    package let algorithms: [COSEAlgorithm]

    package init(
        id: String, name: String, origin: String, userVerification: UserVerification = .preferred,
        attestation: AttestationPolicy = .any, algorithms: [COSEAlgorithm] = [.es256, .edDSA, .rs256]
    ) {
        self.id = id
        self.name = name
        self.origin = origin
        self.userVerification = userVerification
        self.attestation = attestation
        self.algorithms = algorithms
    }

    /// The same, with the user verified by the authenticator, whatever the policy says.
    package var verifyingUser: RelyingPartyPolicy {
        var policy = self
        policy.userVerification = .required
        return policy
    }
}

/// Whether the authenticator has to find out who its user is, by a PIN or a finger (WebAuthn §5.8.6).
package enum UserVerification: String, Sendable, CaseIterable {
    case required
    case preferred
    case discouraged
}
