package import JOSE

/// Which authenticators may register.
package enum AttestationPolicy: Sendable {
    /// Any: browsers are asked for no attestation. One that is sent all the same has to be right.
    case any
    /// Those that a certificate vouches for which one of these has signed, or which is one of these.
    case trusted([Certificate])

    /// `attestation` of the options (WebAuthn §5.4.7).
    package var conveyance: String {
        switch self {
        case .any: "none"
        case .trusted: "direct"
        }
    }

    /// Whether the certificates lead to one that is trusted, each within its time.
    func trusts(_ chain: [Certificate], at now: UnixTime) -> Bool {
        guard case .trusted(let roots) = self else { return true }
        for (index, certificate) in chain.enumerated() {
            guard certificate.validity.contains(now) else { return false }
            if roots.contains(where: { $0.der == certificate.der || $0.validity.contains(now) && certificate.isSigned(by: $0) }) {
                return true
            }
            guard index + 1 < chain.count, certificate.isSigned(by: chain[index + 1]) else { return false }
        }
        return false
    }
}
