package import RelyingParty

/// One issuer whose tokens count as bearer tokens.
package struct BearerIssuer: Sendable {
    /// How a token of this issuer is checked.
    package enum Verification: Sendable {
        /// JWTs, by the issuer's keys.
        case keys
        /// JWTs by the issuer's keys, and then somebody is asked too, who may say more of the person.
        case keysAndInquiry(any TokenInquiry)
        /// Somebody is asked about every token.
        case inquiry(any TokenInquiry)
        /// Somebody is asked about tokens that are no JWT; JWTs are checked by the issuer's keys.
        case inquiryOfOpaque(any TokenInquiry)
    }

    package let policy: BearerPolicy
    package let directory: IssuerDirectory
    package let verification: Verification
    let gate: CredentialGate

    package init(policy: BearerPolicy, directory: IssuerDirectory, verification: Verification = .keys) {
        self.policy = policy
        self.directory = directory
        self.verification = verification
        gate = CredentialGate()
    }

    /// Who is asked about a token that says nothing of itself.
    var opaqueInquiry: (any TokenInquiry)? {
        switch verification {
        case .inquiry(let inquiry), .inquiryOfOpaque(let inquiry): inquiry
        case .keys, .keysAndInquiry: nil
        }
    }
}
