import JOSE
import Testing
import WebAuthn

/// Packed attestation with a certificate (WebAuthn §8.2, §8.2.1).
struct PackedCertificateTests {
    private func verify(
        _ certificate: TestModelCertificate, above: [[UInt8]] = [], trusting policy: AttestationPolicy = .any,
        _ change: (inout TestAuthenticator) -> Void = { _ in }
    ) throws -> RegisteredCredential {
        var authenticator = TestAuthenticator(format: "packed")
        authenticator.chain = [try certificate.der] + above
        authenticator.attestationKey = certificate.key
        change(&authenticator)
        var relyingParty = TestAuthenticator.policy
        relyingParty.attestation = policy
        return try Registration(policy: relyingParty, challenge: TestAuthenticator.challenge, now: TestAuthenticator.now)
            .verify(authenticator.registration())
    }

    private func certificate(_ der: [UInt8]) throws -> Certificate { try #require(Certificate(der: der)) }

    @Test(arguments: COSEAlgorithm.allCases) func takesAModelsSignature(algorithm: COSEAlgorithm) throws {
        let certificate = TestModelCertificate(aaguid: TestAuthenticator().aaguid, key: try TestKey.of(algorithm))
        #expect(try verify(certificate).id == TestAuthenticator().credentialID)
    }

    struct Flaw: Sendable, CustomStringConvertible {
        let description: String
        let alter: @Sendable (inout TestModelCertificate) -> Void
    }

    @Test(arguments: [
        Flaw(description: "no country") { $0.country = "" }, Flaw(description: "no such country") { $0.country = "SWE" },
        Flaw(description: "no vendor") { $0.organization = "" }, Flaw(description: "no unit") { $0.unit = "" },
        Flaw(description: "another unit") { $0.unit = "authenticator attestation" },
        Flaw(description: "no common name") { $0.commonName = "" }, Flaw(description: "an authority") { $0.isAuthority = true },
        Flaw(description: "of another model") { $0.aaguid = [UInt8](repeating: 1, count: 16) },
        Flaw(description: "of a short model") { $0.aaguid = [0xA5] },
        Flaw(description: "model critical") {
            $0.aaguid = TestAuthenticator().aaguid
            $0.isAAGUIDCritical = true
        },
    ])
    func takesNoCertificateOfAnotherKind(flaw: Flaw) throws {
        var certificate = TestModelCertificate()
        flaw.alter(&certificate)
        #expect(throws: CeremonyRefusal.attestationCertificate) { try verify(certificate) }
    }

    @Test func refusesWhatTheCertificatesKeyHasNotSigned() throws {
        #expect(throws: CeremonyRefusal.attestationSignature) {
            try verify(TestModelCertificate()) { $0.attestationKey = $0.key }
        }
        #expect(throws: CeremonyRefusal.attestationSignature) {
            try verify(TestModelCertificate()) { $0.attestationAlgorithm = .rs256 }
        }
        #expect(throws: CeremonyRefusal.attestationStatement) { try verify(TestModelCertificate()) { $0.chain = [[0x30, 0]] } }
        #expect(throws: CeremonyRefusal.attestationStatement) {
            try verify(TestModelCertificate()) { $0.chain = Array(repeating: $0.chain[0], count: 5) }
        }
    }

    @Test func trustsWhomARootVouchesFor() throws {
        let root = try certificate(TestModelCertificate.root())
        #expect(try verify(TestModelCertificate(), trusting: .trusted([root])).signCount == 0)
        #expect(try verify(TestModelCertificate(), above: [root.der], trusting: .trusted([root])).signCount == 0)
        let leaf = try certificate(try TestModelCertificate().der)
        #expect(
            try verify(TestModelCertificate(), trusting: .trusted([try certificate(try TestModelCertificate().der), root]))
                .signCount == 0)
        #expect(leaf.isSigned(by: root))
    }

    @Test func trustsNobodyElse() throws {
        let root = try certificate(TestModelCertificate.root())
        let untrusted: [TestModelCertificate] = [
            TestModelCertificate(signer: .otherP256), TestModelCertificate(issuerName: "Another Root"),
            TestModelCertificate(validity: ("200101000000Z", "210101000000Z")),
        ]
        for certificate in untrusted {
            #expect(throws: CeremonyRefusal.attestationTrust) { try verify(certificate, trusting: .trusted([root])) }
        }
        #expect(throws: CeremonyRefusal.attestationTrust) { try verify(TestModelCertificate(), trusting: .trusted([])) }
        for format in ["none", "packed"] {
            var authenticator = TestAuthenticator(format: format)
            authenticator.chain = []
            var policy = TestAuthenticator.policy
            policy.attestation = .trusted([root])
            let registration = Registration(
                policy: policy, challenge: TestAuthenticator.challenge, now: TestAuthenticator.now)
            #expect(throws: CeremonyRefusal.attestationTrust) { try registration.verify(authenticator.registration()) }
        }
    }
}
