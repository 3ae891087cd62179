import JOSE

/// The use of a credential (WebAuthn §7.2).
package struct Assertion: Sendable {
    package let policy: RelyingPartyPolicy
    package let challenge: [UInt8]
    /// The stored one that the response names.
    package let credential: KnownCredential
    /// Whether the browser was not told whose credential to use: then the response has to say it (step 6).
    package let isDiscovered: Bool

    package init(policy: RelyingPartyPolicy, challenge: [UInt8], credential: KnownCredential, isDiscovered: Bool) {
        self.policy = policy
        self.challenge = challenge
        self.credential = credential
        self.isDiscovered = isDiscovered
    }

    package func verify(_ response: AssertionResponse) throws(CeremonyRefusal) -> VerifiedAssertion {
        guard let clientData = ClientData(json: response.clientDataJSON) else { throw .clientDataUnreadable }
        guard let data = AuthenticatorData(bytes: response.authenticatorData) else { throw .authenticatorDataUnreadable }
        let facts = AssertionFacts(assertion: self, response: response, clientData: clientData, authenticatorData: data)
        try AssertionChecks.all.verify(facts)
        return VerifiedAssertion(
            signCount: data.signCount, isUserVerified: data.flags.contains(.userVerified),
            isBackedUp: data.flags.contains(.backedUp))
    }
}

/// A credential as it was stored at its registration and at its last use.
package struct KnownCredential: Sendable, Equatable {
    package let id: [UInt8]
    /// The COSE key.
    package let publicKey: [UInt8]
    /// Of its user.
    package let userHandle: [UInt8]
    package let signCount: UInt32
    package let isBackupEligible: Bool

    package init(id: [UInt8], publicKey: [UInt8], userHandle: [UInt8], signCount: UInt32, isBackupEligible: Bool) {
        self.id = id
        self.publicKey = publicKey
        self.userHandle = userHandle
        self.signCount = signCount
        self.isBackupEligible = isBackupEligible
    }
}

/// What an assertion is checked on.
package struct AssertionFacts: CeremonyFacts {
    package let assertion: Assertion
    package let response: AssertionResponse
    package let clientData: ClientData
    package let authenticatorData: AuthenticatorData

    package var policy: RelyingPartyPolicy { assertion.policy }
    package var challenge: [UInt8] { assertion.challenge }
    var credential: KnownCredential { assertion.credential }
    var key: COSEKey? { COSEKey(bytes: credential.publicKey) }
    /// Step 21.
    var signedBytes: [UInt8] { response.authenticatorData + sha256(response.clientDataJSON) }
}

/// An assertion that passed every check. What it says of the credential is to be stored before it counts.
package struct VerifiedAssertion: Sendable, Equatable {
    package let signCount: UInt32
    package let isUserVerified: Bool
    package let isBackedUp: Bool
}
