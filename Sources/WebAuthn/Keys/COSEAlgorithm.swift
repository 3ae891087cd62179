package import JOSE

/// The signature algorithms of credentials, by their COSE numbers (RFC 9053 §2, RFC 8812 §2).
package enum COSEAlgorithm: Int64, Sendable, CaseIterable {
    case es256 = -7
    case edDSA = -8
    case rs256 = -257

    /// The same as tokens name it.
    package var signatureAlgorithm: SignatureAlgorithm {
        switch self {
        case .es256: .es256
        case .edDSA: .edDSA
        case .rs256: .rs256
        }
    }
}
