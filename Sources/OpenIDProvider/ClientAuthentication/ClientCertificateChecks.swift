import JOSE
import OpenIDConnect
import Web

/// A certificate that a client has shown, while it is checked.
struct ClientCertificateFacts: Sendable {
    let certificate: Certificate?
    let client: Client
    let settings: ClientCertificateTrust
    let now: UnixTime

    var isSelfSigned: Bool { client.authentication == .selfSignedTLSClientAuth }

    /// Whether it is the one that the client is registered with.
    var isRegistered: Bool {
        guard let certificate, let rule = client.certificate else { return false }
        return switch rule {
        case .subject(let name): certificate.subject.text.map { sameBytes($0, name) } ?? false
        case .host(let name): certificate.names.hosts.contains { sameBytes($0.lowercased(), name.lowercased()) }
        case .uri(let name): certificate.names.uris.contains { sameBytes($0, name) }
        case .email(let name): certificate.names.emails.contains { sameBytes($0, name) }
        case .fingerprints(let known): known.contains(certificate.fingerprint)
        }
    }
}

/// One thing that a client's certificate must fulfil.
struct ClientCertificateCheck: Sendable {
    let name: String
    let section: String
    let isFulfilled: @Sendable (ClientCertificateFacts) -> Bool

    init(_ name: String, _ section: String, _ isFulfilled: @escaping @Sendable (ClientCertificateFacts) -> Bool) {
        self.name = name
        self.section = section
        self.isFulfilled = isFulfilled
    }
}

/// Every check of a client's certificate, in order. Whichever refuses, the client is told `invalid_client` and no more. Whoever
/// speaks TLS has checked that the client has the key.
enum ClientCertificateChecks {
    static let all: [ClientCertificateCheck] = [
        .init("shown and readable", "RFC 8705 §2") { facts in facts.certificate != nil },
        .init("valid already", "RFC 5280 §4.1.2.5") { facts in
            facts.certificate.map { $0.validity.lowerBound <= facts.now } ?? false
        },
        .init("not expired", "RFC 5280 §4.1.2.5") { facts in
            facts.certificate.map { facts.now <= $0.validity.upperBound } ?? false
        },
        .init("end entity", "RFC 5280 §4.2.1.9") { facts in
            // What a client has signed itself is often marked as an authority's; it counts by its bytes alone.
            facts.isSelfSigned || !(facts.certificate?.isAuthority ?? true)
        },
        .init("signed by an authority of ours", "RFC 8705 §2.1") { facts in
            facts.isSelfSigned
                || facts.settings.authorities.contains { facts.certificate?.isSigned(by: $0) ?? false }
        },
        .init("the client's own", "RFC 8705 §2.1.2, §2.2") { facts in facts.isRegistered },
    ]
}

extension ClientCall {
    /// What the client has shown; `nil` also for what cannot be read.
    var certificate: Certificate? { web.clientCertificate.flatMap(Certificate.init(der:)) }

    /// `x5t#S256` of it (RFC 8705 §3.1).
    var certificateThumbprint: String? { certificate.map { Base64URL.encode($0.fingerprint.bytes) } }
}
