import Accounts
import JOSE

/// One condition on a client's certificate that a gateway has verified.
struct ClientCertificateCheck: Sendable {
    let name: String
    let section: String
    /// Why the certificate is refused, or `nil`.
    let objection: @Sendable (ClientCertificateFacts) -> String?

    init(_ name: String, _ section: String, _ objection: @escaping @Sendable (ClientCertificateFacts) -> String?) {
        self.name = name
        self.section = section
        self.objection = objection
    }

    /// In order; the first objection refuses. A connection can outlive the certificate that it began with.
    static let all: [ClientCertificateCheck] = [
        ClientCertificateCheck("not before", "RFC 5280 §4.1.2.5") { facts in
            facts.validity.map { facts.now < $0.lowerBound } ?? false ? "not valid yet" : nil
        },
        ClientCertificateCheck("not after", "RFC 5280 §4.1.2.5") { facts in
            facts.validity.map { facts.now > $0.upperBound } ?? false ? "no longer valid" : nil
        },
        ClientCertificateCheck("end entity", "RFC 5280 §4.2.1.9") { facts in
            facts.claims.certificate?.isAuthority ?? false ? "an authority's own certificate" : nil
        },
        ClientCertificateCheck("user", "RFC 5280 §4.2.1.6") { facts in
            facts.identity == nil ? "what names the user is missing, there more than once, or no name" : nil
        },
    ]
}

/// Everything that the checks of a client's certificate look at.
struct ClientCertificateFacts: Sendable {
    let claims: CertificateClaims
    let issuer: ClientCertificateIssuer
    let now: UnixTime

    /// `nil` where only the gateway knows.
    var validity: ClosedRange<UnixTime>? { claims.certificate?.validity }

    var identity: Identity? { issuer.mapping.identity(issuer: issuer.name(for: claims), claims: claims.all) }

    var refusal: CredentialRefusal? {
        for check in ClientCertificateCheck.all {
            guard let reason = check.objection(self) else { continue }
            return CredentialRefusal(
                .invalidCertificate, reason: "client certificate, \(check.name): \(reason) (\(check.section))")
        }
        return nil
    }
}
