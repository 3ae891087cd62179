package import JOSE

/// Whose client certificates say who somebody is.
package struct ClientCertificateIssuer: Sendable {
    package enum Authority: Sendable {
        /// One of these has signed it. The gateway has verified that, too, but perhaps for other authorities besides.
        case certificates([Certificate])
        /// Its one URI is a name in this SPIFFE trust domain, and the gateway believes that domain's authorities only for it.
        case trustDomain(String)
    }

    package let authority: Authority
    package let mapping: IdentityMapping

    package init(authority: Authority, mapping: IdentityMapping) {
        self.authority = authority
        self.mapping = mapping
    }

    /// Whether the certificate is one of this issuer's at all; whether it counts is another question.
    func has(_ claims: CertificateClaims) -> Bool {
        switch authority {
        case .certificates(let authorities):
            claims.certificate.map { certificate in authorities.contains { certificate.isSigned(by: $0) } } ?? false
        case .trustDomain(let domain): claims.workload?.trustDomain == domain
        }
    }

    /// What the identity's issuer is called.
    func name(for claims: CertificateClaims) -> String {
        switch authority {
        case .trustDomain(let domain): return "spiffe://\(domain)"
        case .certificates(let authorities):
            let signer = authorities.first { claims.certificate?.isSigned(by: $0) ?? false }
            return "urn:x509:\(signer.map { Base64URL.encode($0.fingerprint.bytes) } ?? "")"
        }
    }
}
