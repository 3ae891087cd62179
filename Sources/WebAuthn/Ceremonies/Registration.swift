package import JOSE

/// The registration of a new credential (WebAuthn §7.1).
package struct Registration: Sendable {
    package let policy: RelyingPartyPolicy
    package let challenge: [UInt8]
    package let now: UnixTime

    package init(policy: RelyingPartyPolicy, challenge: [UInt8], now: UnixTime) {
        self.policy = policy
        self.challenge = challenge
        self.now = now
    }

    package func verify(_ response: RegistrationResponse) throws(CeremonyRefusal) -> RegisteredCredential {
        guard let clientData = ClientData(json: response.clientDataJSON) else { throw .clientDataUnreadable }
        guard let attestation = AttestationObject(bytes: response.attestationObject) else { throw .attestationUnreadable }
        let facts = RegistrationFacts(
            policy: policy, challenge: challenge, now: now, response: response, clientData: clientData,
            attestation: attestation)
        try RegistrationChecks.all.verify(facts)
        guard let credential = facts.credential else { throw .newCredential }
        return RegisteredCredential(
            id: credential.id, publicKey: credential.publicKey, signCount: facts.authenticatorData.signCount,
            aaguid: credential.aaguid, flags: facts.authenticatorData.flags)
    }
}

/// What a registration is checked on.
package struct RegistrationFacts: CeremonyFacts {
    package let policy: RelyingPartyPolicy
    package let challenge: [UInt8]
    package let now: UnixTime
    package let response: RegistrationResponse
    package let clientData: ClientData
    package let attestation: AttestationObject

    package var authenticatorData: AuthenticatorData { attestation.authenticatorData }
    package var credential: AttestedCredential? { authenticatorData.credential }
    var key: COSEKey? { credential.flatMap { COSEKey(bytes: $0.publicKey) } }

    /// What the attestation signs (§8.2).
    var signedBytes: [UInt8] { attestation.authenticatorBytes + sha256(response.clientDataJSON) }
}

/// A credential that may be stored.
package struct RegisteredCredential: Sendable, Equatable {
    package let id: [UInt8]
    /// The COSE key.
    package let publicKey: [UInt8]
    package let signCount: UInt32
    package let aaguid: [UInt8]
    package let isUserVerified: Bool
    package let isBackupEligible: Bool
    package let isBackedUp: Bool

    init(id: [UInt8], publicKey: [UInt8], signCount: UInt32, aaguid: [UInt8], flags: AuthenticatorFlags) {
        self.id = id
        self.publicKey = publicKey
        self.signCount = signCount
        self.aaguid = aaguid
        isUserVerified = flags.contains(.userVerified)
        isBackupEligible = flags.contains(.backupEligible)
        isBackedUp = flags.contains(.backedUp)
    }
}
