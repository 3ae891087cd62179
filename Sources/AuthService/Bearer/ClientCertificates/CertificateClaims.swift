import JOSE

/// What a client's certificate says, under names of claims.
struct CertificateClaims: Sendable {
    /// The certificate itself, where the gateway hands it on.
    let certificate: Certificate?
    let uris: [String]
    private let claims: JSONObject

    /// - Parameter certificate: what it says itself goes before what a proxy says of it.
    init(_ certificate: Certificate) {
        self.certificate = certificate
        uris = certificate.names.uris
        var claims = Self.claims(ofURIs: certificate.names.uris)
        let subject = certificate.subject
        // Of two common names one would be this person's and the other somebody else's.
        claims["cn"] = subject.commonNames.count == 1 ? subject.commonNames.first.map { .string($0) } : nil
        claims["uid"] = subject.userIDs.count == 1 ? subject.userIDs.first.map { .string($0) } : nil
        claims["o"] = Self.list(subject.organizations)
        claims["ou"] = Self.list(subject.organizationalUnits)
        claims["dns"] = Self.list(certificate.names.hosts)
        if certificate.names.emails.count == 1, let email = certificate.names.emails.first {
            claims["email"] = .string(email)
            claims["email_verified"] = true
        }
        claims["fingerprint"] = .string(Base64URL.encode(certificate.fingerprint.bytes))
        self.claims = claims
    }

    /// Of names that a proxy has read.
    init(uris: [String]) {
        certificate = nil
        self.uris = uris
        claims = Self.claims(ofURIs: uris)
    }

    /// The one name that a workload's certificate has (X509-SVID §2).
    var workload: SPIFFEIdentity? { uris.count == 1 ? uris.first.flatMap(SPIFFEIdentity.init) : nil }

    var all: JSONObject {
        var all = claims
        guard let workload else { return all }
        var members = JSONObject([("trustDomain", .string(workload.trustDomain))])
        members["namespace"] = workload.namespace.map { .string($0) }
        members["serviceAccount"] = workload.serviceAccount.map { .string($0) }
        all["spiffe"] = .object(members)
        return all
    }

    private static func claims(ofURIs uris: [String]) -> JSONObject {
        var claims = JSONObject()
        claims["uri"] = uris.count == 1 ? uris.first.map { .string($0) } : nil
        return claims
    }

    private static func list(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .strings(texts) }
}
