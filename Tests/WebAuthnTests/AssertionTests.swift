import JOSE
import Testing
import WebAuthn

struct AssertionTests {
    private func known(_ authenticator: TestAuthenticator, signCount: UInt32 = 0, eligible: Bool = false) -> KnownCredential {
        KnownCredential(
            id: [1, 2, 3, 4], publicKey: authenticator.key.coseBytes(), userHandle: TestAuthenticator.userHandle,
            signCount: signCount, isBackupEligible: eligible)
    }

    private func verify(
        _ response: AssertionResponse, _ credential: KnownCredential, isDiscovered: Bool = false,
        _ policy: RelyingPartyPolicy = TestAuthenticator.policy
    ) throws -> VerifiedAssertion {
        try Assertion(
            policy: policy, challenge: TestAuthenticator.challenge, credential: credential, isDiscovered: isDiscovered
        ).verify(response)
    }

    @Test(arguments: COSEAlgorithm.allCases) func takesWhatTheCredentialSigned(algorithm: COSEAlgorithm) throws {
        let authenticator = TestAuthenticator(key: try TestKey.of(algorithm), signCount: 3)
        let verified = try verify(authenticator.assertion(), known(authenticator, signCount: 2), isDiscovered: true)
        #expect(verified.signCount == 3 && verified.isUserVerified && !verified.isBackedUp)
    }

    @Test(arguments: [
        Alteration("type", .ceremonyType) { $0.type = "webauthn.create2" },
        Alteration("challenge", .challenge) { $0.challenge[31] ^= 1 },
        Alteration("no challenge", .challenge) { $0.challenge = [] },
        Alteration("origin", .origin) { $0.origin = "https://evil.test" },
        Alteration("frame", .crossOrigin) { $0.furtherClientData = [("crossOrigin", true)] },
        Alteration("relying party", .relyingParty) { $0.rpID = "evil.test" },
        Alteration("nobody there", .userPresence) { $0.flags = 0x04 },
        Alteration("backed up but cannot be", .backupFlags) { $0.flags = 0x15 },
        Alteration("can be backed up now", .backupEligibility) { $0.flags = 0x0D },
        Alteration("another credential", .credential) { $0.credentialID = [1, 2, 3] },
        Alteration("signature", .signature) { $0.changesSignature = { $0.dropLast() + [($0.last ?? 0) ^ 1] } },
        Alteration("no signature", .signature) { $0.changesSignature = { _ in [] } },
        Alteration("another key", .signature) { $0.key = .otherP256 },
        Alteration("a key of another kind", .signature) { $0.key = .ed25519 },
        Alteration("authenticator data short", .authenticatorDataUnreadable) {
            $0.changesAuthenticatorData = { Array($0.dropLast()) }
        },
        Alteration("authenticator data long", .authenticatorDataUnreadable) { $0.changesAuthenticatorData = { $0 + [0] } },
        Alteration("counter altered", .signature) { authenticator in
            authenticator.changesAuthenticatorData = { data in
                var data = data
                data[36] ^= 8
                return data
            }
        },
        Alteration("user verified altered", .signature) { authenticator in
            authenticator.flags = 0x01
            authenticator.changesAuthenticatorData = { data in
                var data = data
                data[32] = 0x05
                return data
            }
        },
        Alteration("client data", .signature) { $0.changesClientData = { Array($0.dropLast()) + Array(#","more":1}"#.utf8) } },
        Alteration("client data unreadable", .clientDataUnreadable) { $0.changesClientData = { $0 + $0 } },
    ])
    func refuses(alteration: Alteration) throws {
        var authenticator = TestAuthenticator(type: "webauthn.get")
        let credential = known(authenticator)
        try alteration.alter(&authenticator)
        #expect(throws: alteration.refusal) { try verify(authenticator.assertion(), credential) }
    }

    @Test(
        arguments: [
            (0, 0, true), (0, 1, true), (1, 2, true), (1, 1, false), (2, 1, false), (1, 0, false), (.max, .max, false),
            (.max, 0, false), (.max - 1, .max, true),
        ] as [(UInt32, UInt32, Bool)])
    func countersMoveOn(old: UInt32, new: UInt32, isAccepted: Bool) throws {
        let authenticator = TestAuthenticator(signCount: new)
        let credential = known(authenticator, signCount: old)
        if isAccepted {
            #expect(try verify(authenticator.assertion(), credential).signCount == new)
        } else {
            #expect(throws: CeremonyRefusal.signCount) { try verify(authenticator.assertion(), credential) }
        }
    }

    /// Whose it is, by the browser's word: needed only where the browser was not told a credential, and never another's.
    @Test(
        arguments: [
            (TestAuthenticator.userHandle, true, true), (TestAuthenticator.userHandle, false, true), (nil, false, true),
            (nil, true, false), ([9, 8, 6], false, false), ([9, 8, 6], true, false), ([9, 8], false, false),
        ] as [([UInt8]?, Bool, Bool)])
    func userHandles(handle: [UInt8]?, isDiscovered: Bool, isAccepted: Bool) throws {
        let authenticator = TestAuthenticator()
        let response = try authenticator.assertion(userHandle: handle)
        if isAccepted {
            #expect(try verify(response, known(authenticator), isDiscovered: isDiscovered).isUserVerified)
        } else {
            #expect(throws: CeremonyRefusal.userHandle) {
                try verify(response, known(authenticator), isDiscovered: isDiscovered)
            }
        }
    }

    @Test func verifiesTheUserWhereItIsAsked() throws {
        let authenticator = TestAuthenticator(flags: 0x01)
        #expect(try !verify(authenticator.assertion(), known(authenticator)).isUserVerified)
        #expect(throws: CeremonyRefusal.userVerification) {
            try verify(
                authenticator.assertion(), known(authenticator), TestAuthenticator.policy.verifyingUser)
        }
    }

    /// A registration's client data is none of an assertion's, whatever is signed.
    @Test func takesNoRegistrationForAnAssertion() throws {
        var authenticator = TestAuthenticator(type: "webauthn.get")
        authenticator.changesClientData = { _ in TestAuthenticator().clientData }
        #expect(throws: CeremonyRefusal.ceremonyType) { try verify(authenticator.assertion(), known(authenticator)) }
    }
}
