package import TLS

/// One listener: where it is, and whether it speaks TLS.
package struct ListenerSettings: Sendable {
    package var address: ListenAddress
    /// nil: clear text.
    package var tls: TLSSettings?
}

/// The PEM files of a listener's TLS, found good when the configuration was read, and read again while it runs.
package struct TLSSettings: Sendable, Equatable {
    package var certificate: String
    package var key: String
    /// Who signs the certificates of clients. Where it is set, a client is asked for one.
    package var clientCA: String?
    package var clientCertificate = ClientCertificateDemand.required
    package var minimumVersion: TLSMinimum

    private static let maximumBytes = 1 << 20

    /// What the files hold now.
    package func files(_ sources: ConfigurationSources) throws(TLSFault) -> TLSFiles {
        TLSFiles(
            certificate: try read(certificate, .certificate, sources), key: try read(key, .key, sources),
            clientCA: try clientCA.map { (path) throws(TLSFault) in try read(path, .clientCA, sources) },
            clientCertificate: clientCertificate)
    }

    /// Whether nobody gets in without a certificate.
    package var demandsCertificates: Bool { clientCA != nil && clientCertificate == .required }

    private func read(
        _ path: String, _ file: TLSFault.File, _ sources: ConfigurationSources
    ) throws(TLSFault) -> [UInt8] {
        let found: ConfigurationSources.File
        do { found = try sources.file(path, Self.maximumBytes) } catch {
            throw TLSFault(
                file, "the file \(quoted(path)) cannot be read (\(error.reason))",
                "correct the path, or let Gatehouse's user read it")
        }
        // A group may be let in: certificates are often handed out that way.
        if file == .key, found.mode & 0o007 != 0 {
            throw TLSFault(file, "the private key \(quoted(path)) can be read by everybody", "run `chmod o= \(path)`")
        }
        guard found.bytes.count <= Self.maximumBytes else {
            throw TLSFault(file, "the file \(quoted(path)) is larger than 1 MiB", "correct the path")
        }
        return found.bytes
    }
}
