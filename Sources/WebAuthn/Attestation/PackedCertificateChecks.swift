import JOSE

/// One thing that the certificate of a model's key must fulfil.
struct PackedCertificateCheck: Sendable {
    let name: String
    let section: String
    let isFulfilled: @Sendable (Certificate, AttestedCredential) -> Bool

    init(
        _ name: String, _ section: String, _ isFulfilled: @escaping @Sendable (Certificate, AttestedCredential) -> Bool
    ) {
        self.name = name
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// WebAuthn §8.2.1, in its order. That it is of version 3 its reader has seen to.
enum PackedCertificateChecks {
    static let all: [PackedCertificateCheck] = [
        .init("country of the vendor", "WebAuthn §8.2.1") { certificate, _ in
            let countries = certificate.subject.countries
            return countries.count == 1 && countries.allSatisfy { $0.utf8.count == 2 }
        },
        .init("name of the vendor", "WebAuthn §8.2.1") { certificate, _ in
            certificate.subject.organizations.count == 1 && certificate.subject.organizations.allSatisfy { !$0.isEmpty }
        },
        .init("for attestation", "WebAuthn §8.2.1") { certificate, _ in
            let units = certificate.subject.organizationalUnits
            return units.count == 1 && units.allSatisfy { $0.utf8.elementsEqual("Authenticator Attestation".utf8) }
        },
        .init("a common name", "WebAuthn §8.2.1") { certificate, _ in
            certificate.subject.commonNames.count == 1 && certificate.subject.commonNames.allSatisfy { !$0.isEmpty }
        },
        .init("of this model", "WebAuthn §8.2.1") { certificate, credential in
            guard let model = certificate.extensions.first(where: { $0.identifier == aaguid }) else { return true }
            // An octet string within the extension's own; never critical.
            return !model.isCritical && model.value == [0x04, 16] + credential.aaguid
        },
        .init("no authority", "WebAuthn §8.2.1") { certificate, _ in !certificate.isAuthority },
    ]

    /// id-fido-gen-ce-aaguid, 1.3.6.1.4.1.45724.1.1.4
    private static let aaguid: [UInt8] = [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xE5, 0x1C, 0x01, 0x01, 0x04]
}
