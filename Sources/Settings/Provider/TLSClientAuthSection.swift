import JOSE
import Yams

/// `provider.clients[].tlsClientAuth` (RFC 8705, section 2.1.2)
enum TLSClientAuthSection {
    static let subjectDN = Key.optional(
        "subjectDN", Shape<String>.text(), "The certificate's subject as RFC 4514 writes it, such as `CN=reports,O=Example`.")
    static let sanDNS = Key.optional("sanDNS", Shape<String>.text(), "A DNS name among its alternative names.")
    static let sanURI = Key.optional("sanURI", Shape<String>.text(), "A URI among them.")
    static let sanEmail = Key.optional("sanEmail", Shape<String>.text(), "An e-mail address among them.")
    static let certificate = Key.optional(
        "certificate", certificates, "PEM: the certificates themselves, for `self_signed_tls_client_auth`.")

    static let section = Section(
        "tlsClientAuth", [subjectDN.listed, sanDNS.listed, sanURI.listed, sanEmail.listed, certificate.listed]
    ) { fields -> ClientSettings.CertificateRule in
        let rules = [
            fields(subjectDN).map { ClientSettings.CertificateRule.subject($0) }, fields(sanDNS).map { .host($0) },
            fields(sanURI).map { .uri($0) }, fields(sanEmail).map { .email($0) }, fields(certificate).map { .certificates($0) },
        ].compactMap { $0 }
        if rules.count != 1, fields.reading.isSound(fields.reading.way) {
            fields.reading.error(
                "`tlsClientAuth` says \(rules.isEmpty ? "nothing" : "several things") about the certificate",
                "write one of `subjectDN`, `sanDNS`, `sanURI`, `sanEmail` and `certificate`", at: fields.node)
        }
        return rules.first ?? .certificates([])
    }

    private static let certificates = Shape<[UInt8]>.pem("a certificate").then { pem, node, reading -> [Certificate]? in
        guard let certificates = Certificate.all(inPEM: pem), !certificates.isEmpty else {
            return reading.refuse("the file holds a certificate that cannot be read", "write X.509 certificates in PEM", node)
        }
        return certificates
    }
}
