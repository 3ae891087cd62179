/// Every check of an assertion, in order (WebAuthn §7.2). The first that is not fulfilled decides.
package enum AssertionChecks {
    package static let all: [CeremonyCheck<AssertionFacts>] = [
        .init(.credential, "§7.2 step 5") { $0.response.credentialID == $0.credential.id },
        .init(.userHandle, "§7.2 step 6") { facts in
            facts.response.userHandle.map { $0 == facts.credential.userHandle } ?? !facts.assertion.isDiscovered
        },
        .init(.ceremonyType, "§7.2 step 10") { $0.isOfType("webauthn.get") },
        .init(.challenge, "§7.2 step 11") { $0.isOfChallenge },
        .init(.origin, "§7.2 step 12") { $0.isOfOrigin },
        .init(.crossOrigin, "§7.2 step 13") { !$0.clientData.isCrossOrigin },
        .init(.relyingParty, "§7.2 step 15") { $0.isOfRelyingParty },
        .init(.userPresence, "§7.2 step 16") { $0.authenticatorData.flags.contains(.userPresent) },
        .init(.userVerification, "§7.2 step 17") { $0.isUserVerifiedAsAsked },
        .init(.backupFlags, "§7.2 step 18") { $0.areBackupFlagsConsistent },
        .init(.backupEligibility, "§7.2 step 19") {
            $0.authenticatorData.flags.contains(.backupEligible) == $0.credential.isBackupEligible
        },
        .init(.signature, "§7.2 step 21") { $0.key?.verifies($0.response.signature, of: $0.signedBytes) ?? false },
        .init(.signCount, "§7.2 step 22") { hasMovedOn(from: $0.credential.signCount, to: $0.authenticatorData.signCount) },
    ]

    /// Authenticators without a counter say 0, always.
    private static func hasMovedOn(from old: UInt32, to new: UInt32) -> Bool { new > old || (old == 0 && new == 0) }
}
