package import JOSE

/// An attestation statement, as far as we verify its format (WebAuthn §8).
package enum AttestationStatement: Sendable {
    /// `none`, which says nothing (§8.7).
    case empty
    /// `packed`, signed with the credential's own key (§8.2).
    case packedSelf(PackedSignature)
    /// `packed`, signed with the model's key: its certificate, and those above.
    case packed(PackedSignature, [Certificate])
    case malformed
    case unknownFormat

    /// At most so many certificates: verifying them is work.
    private static let maximumCertificates = 4

    init(format: String, members: CBORMap) {
        switch format {
        case "none": self = members.entries.isEmpty ? .empty : .malformed
        case "packed": self = Self.packed(members)
        default: self = .unknownFormat
        }
    }

    private static func packed(_ members: CBORMap) -> AttestationStatement {
        guard let algorithm = members["alg"]?.integer.flatMap(COSEAlgorithm.init(rawValue:)),
            let bytes = members["sig"]?.bytes
        else { return .malformed }
        let signature = PackedSignature(algorithm: algorithm, bytes: bytes)
        guard let chain = members["x5c"] else { return members.entries.count == 2 ? .packedSelf(signature) : .malformed }
        guard members.entries.count == 3, let list = chain.array, (1...maximumCertificates).contains(list.count)
        else { return .malformed }
        let certificates = list.compactMap { $0.bytes.flatMap(Certificate.init(der:)) }
        return certificates.count == list.count ? .packed(signature, certificates) : .malformed
    }
}

/// The signature of a packed statement.
package struct PackedSignature: Sendable {
    package let algorithm: COSEAlgorithm
    package let bytes: [UInt8]
}
