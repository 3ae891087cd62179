import JOSE

/// One thing that a ceremony must fulfil.
package struct CeremonyCheck<Facts: Sendable>: Sendable {
    package let refusal: CeremonyRefusal
    /// Of WebAuthn Level 3.
    package let section: String
    package let isFulfilled: @Sendable (Facts) -> Bool

    init(_ refusal: CeremonyRefusal, _ section: String, unless isFulfilled: @escaping @Sendable (Facts) -> Bool) {
        self.refusal = refusal
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// What both ceremonies are checked on.
protocol CeremonyFacts: Sendable {
    var policy: RelyingPartyPolicy { get }
    /// As it was given to the browser.
    var challenge: [UInt8] { get }
    var clientData: ClientData { get }
    var authenticatorData: AuthenticatorData { get }
}

extension CeremonyFacts {
    func isOfType(_ type: String) -> Bool { clientData.type.utf8.elementsEqual(type.utf8) }

    var isOfChallenge: Bool { !challenge.isEmpty && Secret(clientData.challenge).matches(Secret(challenge)) }

    var isOfOrigin: Bool { clientData.origin.utf8.elementsEqual(policy.origin.utf8) }

    var isOfRelyingParty: Bool { authenticatorData.rpIDHash == sha256(policy.id.utf8) }

    var isUserVerifiedAsAsked: Bool {
        policy.userVerification != .required || authenticatorData.flags.contains(.userVerified)
    }

    /// What is backed up can be.
    var areBackupFlagsConsistent: Bool {
        authenticatorData.flags.contains(.backupEligible) || !authenticatorData.flags.contains(.backedUp)
    }
}

extension Array {
    /// The first check that is not fulfilled decides.
    func verify<Facts>(_ facts: Facts) throws(CeremonyRefusal) where Element == CeremonyCheck<Facts> {
        for check in self where !check.isFulfilled(facts) { throw check.refusal }
    }
}
