/// The contents of one listener's PEM files.
package struct TLSFiles: Sendable, Equatable {
    /// The certificate, and behind it those between it and its root.
    package var certificate: [UInt8]
    package var key: [UInt8]
    /// Who signs the certificates of clients; nil where they are asked for none.
    package var clientCA: [UInt8]?
    package var clientCertificate: ClientCertificateDemand

    package init(certificate: [UInt8], key: [UInt8], clientCA: [UInt8]?, clientCertificate: ClientCertificateDemand = .required) {
        self.certificate = certificate
        self.key = key
        self.clientCA = clientCA
        self.clientCertificate = clientCertificate
    }
}

/// What a client that is asked for a certificate has to do.
package enum ClientCertificateDemand: String, Sendable, CaseIterable {
    /// Show one that is good.
    case required
    /// Show one that is good, or none.
    case optional
}

/// The oldest TLS that a listener speaks. Older ones than these are broken (RFC 8996).
package enum TLSMinimum: String, Sendable, CaseIterable {
    case tls12 = "1.2"
    case tls13 = "1.3"
}

/// Why the files of a listener are not used.
package struct TLSFault: Error, Equatable {
    package enum File: Sendable, Equatable {
        case certificate, key, clientCA
    }

    package var file: File
    /// What is wrong: one clause, no full stop, nothing of the key.
    package var what: String
    /// What to do about it: one clause, no full stop.
    package var mend: String

    package init(_ file: File, _ what: String, _ mend: String) {
        self.file = file
        self.what = what
        self.mend = mend
    }
}
