/// An X.509 certificate (RFC 5280 §4.1): what says whom it names, for how long, and who has signed it.
package struct Certificate: Sendable {
    package let der: [UInt8]
    package let subject: DistinguishedName
    package let issuer: DistinguishedName
    package let names: AlternativeNames
    /// The first and the last moment at which it counts.
    package let validity: ClosedRange<UnixTime>
    /// Whether it may sign others (basic constraints).
    package let isAuthority: Bool
    /// Each kind once.
    package let extensions: [CertificateExtension]
    /// The `SubjectPublicKeyInfo`.
    let publicKey: [UInt8]
    /// The part that is signed.
    let signedPart: [UInt8]
    let signatureAlgorithm: [UInt8]
    let signature: [UInt8]

    package static let maximumBytes = 16 * 1024

    /// `nil`: the bytes are no such certificate, or hold a name that two readers could read differently.
    package init?(der: [UInt8]) {
        guard der.count <= Self.maximumBytes else { return nil }
        do throws(DERReader.Malformed) {
            var file = DERReader(der)
            let certificate = try file.next(DERReader.Tag.sequence)
            guard file.isAtEnd else { return nil }
            var parts = DERReader(der, certificate.content)
            let signed = try parts.next(DERReader.Tag.sequence)
            let algorithm = try parts.next(DERReader.Tag.sequence)
            let signature = try parts.next(DERReader.Tag.bitString)
            // The first byte says how many bits of the last are none of it.
            guard parts.isAtEnd, der[signature.content].first == 0 else { return nil }
            let body = try CertificateBody(der, signed.content)
            guard body.algorithm.elementsEqual(der[algorithm.whole]) else { return nil }
            self.der = der
            signedPart = Array(der[signed.whole])
            signatureAlgorithm = try Self.identifier(der, algorithm.content)
            self.signature = Array(der[signature.content].dropFirst())
            issuer = body.issuer
            subject = body.subject
            names = body.names
            validity = body.validity
            isAuthority = body.isAuthority
            extensions = body.extensions
            publicKey = body.publicKey
        } catch {
            return nil
        }
    }

    private static func identifier(_ der: [UInt8], _ range: Range<Int>) throws(DERReader.Malformed) -> [UInt8] {
        var reader = DERReader(der, range)
        return Array(der[try reader.next(DERReader.Tag.objectIdentifier).content])
    }

    /// SHA-256 of the certificate: what `x5t#S256` is the base64url of (RFC 7515 §4.1.8).
    package var fingerprint: SHA256Bytes { SHA256Bytes(hashing: der.span) }
}
