import JOSE

/// Every check of a registration, in order (WebAuthn §7.1). The first that is not fulfilled decides.
package enum RegistrationChecks {
    package static let all: [CeremonyCheck<RegistrationFacts>] = [
        .init(.ceremonyType, "§7.1 step 7") { $0.isOfType("webauthn.create") },
        .init(.challenge, "§7.1 step 8") { $0.isOfChallenge },
        .init(.origin, "§7.1 step 9") { $0.isOfOrigin },
        .init(.crossOrigin, "§7.1 step 10") { !$0.clientData.isCrossOrigin },
        .init(.relyingParty, "§7.1 step 14") { $0.isOfRelyingParty },
        .init(.userPresence, "§7.1 step 15") { $0.authenticatorData.flags.contains(.userPresent) },
        .init(.userVerification, "§7.1 step 16") { $0.isUserVerifiedAsAsked },
        .init(.backupFlags, "§7.1 step 17") { $0.areBackupFlagsConsistent },
        .init(.newCredential, "§6.1") { $0.credential != nil },
        .init(.algorithm, "§7.1 step 20") { facts in facts.key.map { facts.policy.algorithms.contains($0.algorithm) } ?? false },
        .init(.attestationFormat, "§7.1 step 22") { isOfKnownFormat($0.attestation.statement) },
        .init(.attestationStatement, "§8.2, §8.7") { isWellFormed($0.attestation.statement) },
        .init(.attestationAlgorithm, "§8.2") { isOfKeysAlgorithm($0) },
        .init(.attestationSignature, "§8.2") { isSigned($0) },
        .init(.attestationCertificate, "§8.2.1") { hasFitCertificate($0) },
        .init(.attestationTrust, "§7.1 step 24") { isTrusted($0) },
        .init(.credentialID, "§7.1 step 25") { facts in
            guard let id = facts.credential?.id else { return false }
            return (1...AttestedCredential.maximumIDBytes).contains(id.count) && id == facts.response.credentialID
        },
    ]

    private static func isOfKnownFormat(_ statement: AttestationStatement) -> Bool {
        switch statement {
        case .empty, .packedSelf, .packed, .malformed: true
        case .unknownFormat: false
        }
    }

    private static func isWellFormed(_ statement: AttestationStatement) -> Bool {
        switch statement {
        case .empty, .packedSelf, .packed: true
        case .malformed, .unknownFormat: false
        }
    }

    private static func isOfKeysAlgorithm(_ facts: RegistrationFacts) -> Bool {
        switch facts.attestation.statement {
        case .packedSelf(let signature): signature.algorithm == facts.key?.algorithm
        case .empty, .packed: true
        case .malformed, .unknownFormat: false
        }
    }

    private static func isSigned(_ facts: RegistrationFacts) -> Bool {
        switch facts.attestation.statement {
        case .empty: true
        case .packedSelf(let signature): facts.key?.verifies(signature.bytes, of: facts.signedBytes) ?? false
        case .packed(let signature, let chain):
            chain.first?.key?.verifies(signature.bytes, of: facts.signedBytes, as: signature.algorithm) ?? false
        case .malformed, .unknownFormat: false
        }
    }

    private static func hasFitCertificate(_ facts: RegistrationFacts) -> Bool {
        switch facts.attestation.statement {
        case .empty, .packedSelf: return true
        case .packed(_, let chain):
            guard let certificate = chain.first, let credential = facts.credential else { return false }
            return PackedCertificateChecks.all.allSatisfy { $0.isFulfilled(certificate, credential) }
        case .malformed, .unknownFormat: return false
        }
    }

    /// Nobody vouches for an authenticator that signs for itself.
    private static func isTrusted(_ facts: RegistrationFacts) -> Bool {
        switch (facts.policy.attestation, facts.attestation.statement) {
        case (.any, _): true
        case (.trusted, .packed(_, let chain)): facts.policy.attestation.trusts(chain, at: facts.now)
        case (.trusted, .empty), (.trusted, .packedSelf), (.trusted, .malformed), (.trusted, .unknownFormat): false
        }
    }
}
