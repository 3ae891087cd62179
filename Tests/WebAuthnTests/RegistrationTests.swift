import JOSE
import Testing
import WebAuthn

struct RegistrationTests {
    private func verify(
        _ authenticator: TestAuthenticator, _ policy: RelyingPartyPolicy = TestAuthenticator.policy
    ) throws -> RegisteredCredential {
        try Registration(policy: policy, challenge: TestAuthenticator.challenge, now: TestAuthenticator.now)
            .verify(authenticator.registration())
    }

    @Test(arguments: COSEAlgorithm.allCases, ["none", "packed"])
    func registersACredential(algorithm: COSEAlgorithm, format: String) throws {
        var authenticator = TestAuthenticator(key: try TestKey.of(algorithm), format: format)
        authenticator.signCount = 7
        authenticator.flags = 0x1D
        let credential = try verify(authenticator)
        #expect(credential.id == authenticator.credentialID && credential.publicKey == authenticator.key.coseBytes())
        #expect(credential.signCount == 7 && credential.aaguid == authenticator.aaguid)
        #expect(credential.isUserVerified && credential.isBackupEligible && credential.isBackedUp)
    }

    @Test func takesExtensionsAndWhatNobodyKnowsYet() throws {
        var authenticator = TestAuthenticator()
        authenticator.flags |= 0x80
        authenticator.extensions = CBORValue.map(CBORMap([.init(.text("credProtect"), CBORValue(2))])).encoded
        authenticator.furtherClientData.append(("other_keys_can_be_added_here", "do not compare"))
        #expect(try verify(authenticator).id == authenticator.credentialID)
    }

    @Test(arguments: [
        Alteration("type", .ceremonyType) { $0.type = "webauthn.get" },
        Alteration("type with more", .ceremonyType) { $0.type = "webauthn.create " },
        Alteration("challenge", .challenge) { $0.challenge[0] ^= 1 },
        Alteration("no challenge", .challenge) { $0.challenge = [] },
        Alteration("shorter challenge", .challenge) { $0.challenge.removeLast() },
        Alteration("origin", .origin) { $0.origin = "https://login.example.com.evil.test" },
        Alteration("origin's scheme", .origin) { $0.origin = "http://login.example.com" },
        Alteration("origin's port", .origin) { $0.origin = "https://login.example.com:8443" },
        Alteration("origin's case", .origin) { $0.origin = "https://LOGIN.example.com" },
        Alteration("origin with a path", .origin) { $0.origin = "https://login.example.com/" },
        Alteration("origin below", .origin) { $0.origin = "https://a.login.example.com" },
        Alteration("frame", .crossOrigin) { $0.furtherClientData = [("crossOrigin", true)] },
        Alteration("frame that hides", .crossOrigin) { $0.furtherClientData = [("topOrigin", "https://evil.test")] },
        Alteration("cross origin no bool", .clientDataUnreadable) { $0.furtherClientData = [("crossOrigin", "false")] },
        Alteration("client data twice", .clientDataUnreadable) {
            $0.changesClientData = { Array($0.dropLast()) + Array(#","type":"webauthn.create"}"#.utf8) }
        },
        Alteration("client data with more", .clientDataUnreadable) { $0.changesClientData = { $0 + [0x7D] } },
        Alteration("client data empty", .clientDataUnreadable) { $0.changesClientData = { _ in [] } },
        Alteration("relying party", .relyingParty) { $0.rpID = "example.com" },
        Alteration("nobody there", .userPresence) { $0.flags = 0x04 },
        Alteration("backed up but cannot be", .backupFlags) { $0.flags = 0x15 },
        Alteration("no credential", .attestationUnreadable) { $0.changesAuthenticatorData = { Array($0.prefix(37)) } },
        Alteration("flag of the credential away", .attestationUnreadable) { authenticator in
            authenticator.changesAuthenticatorData = { data in
                var data = data
                data[32] &= ~0x40
                return data
            }
        },
        Alteration("something behind", .attestationUnreadable) { $0.trailing = [0] },
        Alteration("extensions without flag", .attestationUnreadable) { $0.extensions = [0xA0] },
        Alteration("flag without extensions", .attestationUnreadable) { $0.flags |= 0x80 },
        Alteration("extensions no map", .attestationUnreadable) {
            $0.flags |= 0x80
            $0.extensions = [0x80]
        },
        Alteration("key unreadable", .algorithm) { $0.keyBytes = [0xA0] },
        Alteration("key of another curve", .algorithm) { authenticator in
            authenticator.keyBytes = authenticator.key.coseBytes { $0[2].1 = CBORValue(2) }
        },
        Alteration("key no CBOR", .attestationUnreadable) { $0.keyBytes = [0xFF] },
        Alteration("id empty", .credentialID) { $0.credentialID = [] },
        Alteration("id too long", .credentialID) { $0.credentialID = [UInt8](repeating: 1, count: 1024) },
        Alteration("format", .attestationFormat) { $0.format = "fido-u2f" },
        Alteration("format's case", .attestationFormat) { $0.format = "None" },
    ])
    func refuses(alteration: Alteration) throws {
        var authenticator = TestAuthenticator()
        try alteration.alter(&authenticator)
        #expect(throws: alteration.refusal) { try verify(authenticator) }
    }

    @Test(arguments: [
        Alteration("signature", .attestationSignature) { $0.changesSignature = { $0.dropLast() + [($0.last ?? 0) ^ 1] } },
        Alteration("no signature", .attestationSignature) { $0.changesSignature = { _ in [] } },
        Alteration("another key's signature", .attestationSignature) { $0.attestationKey = .otherP256 },
        Alteration("another algorithm", .attestationAlgorithm) { $0.attestationAlgorithm = .edDSA },
        Alteration("authenticator data", .attestationSignature) { authenticator in
            authenticator.changesAuthenticatorData = { data in
                var data = data
                data[36] ^= 1
                return data
            }
        },
        Alteration("client data", .attestationSignature) {
            $0.changesClientData = { Array($0.dropLast()) + Array(#","more":1}"#.utf8) }
        },
    ])
    func refusesPacked(alteration: Alteration) throws {
        var authenticator = TestAuthenticator(format: "packed")
        try alteration.alter(&authenticator)
        #expect(throws: alteration.refusal) { try verify(authenticator) }
    }

    @Test func verifiesTheUserWhereItIsAsked() throws {
        let authenticator = TestAuthenticator(flags: 0x01)
        #expect(try !verify(authenticator).isUserVerified)
        #expect(throws: CeremonyRefusal.userVerification) { try verify(authenticator, TestAuthenticator.policy.verifyingUser) }
    }

    @Test func takesNoAlgorithmThatWasNotAskedFor() throws {
        let policy = RelyingPartyPolicy(
            id: TestAuthenticator.policy.id, name: "", origin: TestAuthenticator.policy.origin, algorithms: [.edDSA])
        #expect(throws: CeremonyRefusal.algorithm) { try verify(TestAuthenticator(), policy) }
    }

    @Test func credentialsAreThoseThatTheBrowserNames() throws {
        let response = try TestAuthenticator().registration()
        let other = RegistrationResponse(
            credentialID: [9], clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject)
        #expect(throws: CeremonyRefusal.credentialID) {
            try Registration(policy: TestAuthenticator.policy, challenge: TestAuthenticator.challenge, now: TestAuthenticator.now)
                .verify(other)
        }
    }
}
