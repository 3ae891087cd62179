import Foundation

/// A certificate for attestation, each part of which can be altered, in DER.
struct TestModelCertificate {
    var country = "SE"
    var organization = "Example Vendor"
    var unit = "Authenticator Attestation"
    var commonName = "Model 1"
    var isAuthority = false
    var aaguid: [UInt8]?
    var isAAGUIDCritical = false
    var issuerName = "Example Root"
    var key = TestKey.otherP256
    /// The issuer's; a key for ES256.
    var signer = TestKey.p256
    var validity = ("200101000000Z", "491231235959Z")

    var der: [UInt8] {
        get throws {
            let body = Self.sequence(
                [0xA0, 3, 2, 1, 2], [2, 1, 7], Self.ecdsa, Self.name([(3, issuerName)]),
                Self.sequence(Self.element(0x17, validity.0), Self.element(0x17, validity.1)),
                Self.name([(6, country), (10, organization), (11, unit), (3, commonName)]), key.der,
                Self.element(0xA3, Self.sequence(extensions)))
            return Self.sequence(body, Self.ecdsa, Self.element(3, [0] + (try signer.sign(body))))
        }
    }

    /// Signs the others; its name is `issuerName`.
    static func root() throws -> [UInt8] {
        let key = TestKey.p256
        let body = sequence(
            [0xA0, 3, 2, 1, 2], [2, 1, 1], ecdsa, name([(3, "Example Root")]),
            sequence(element(0x17, "200101000000Z"), element(0x17, "491231235959Z")), name([(3, "Example Root")]), key.der,
            element(0xA3, sequence(basicConstraints(true))))
        return sequence(body, ecdsa, element(3, [0] + (try key.sign(body))))
    }

    private var extensions: [UInt8] {
        var all = Self.basicConstraints(isAuthority)
        if let aaguid {
            let identifier = Self.element(6, [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0xE5, 0x1C, 0x01, 0x01, 0x04])
            let critical: [UInt8] = isAAGUIDCritical ? [1, 1, 0xFF] : []
            all += Self.sequence(identifier, critical, Self.element(4, Self.element(4, aaguid)))
        }
        return all
    }

    private static func basicConstraints(_ isAuthority: Bool) -> [UInt8] {
        sequence(element(6, [0x55, 0x1D, 0x13]), element(4, sequence(isAuthority ? [1, 1, 0xFF] : [])))
    }

    private static let ecdsa = sequence(element(6, [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]))

    /// Attributes by the last number of 2.5.4.n.
    private static func name(_ attributes: [(UInt8, String)]) -> [UInt8] {
        let sets = attributes.filter { !$0.1.isEmpty }.map { kind, text in
            element(0x31, sequence(element(6, [0x55, 0x04, kind]), element(kind == 6 ? 0x13 : 0x0C, text)))
        }
        return sequence(sets.flatMap { $0 })
    }

    private static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }

    private static func element(_ tag: UInt8, _ text: String) -> [UInt8] { element(tag, Array(text.utf8)) }

    private static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<0x80: [tag, UInt8(content.count)] + content
        case ..<0x100: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
        }
    }
}
