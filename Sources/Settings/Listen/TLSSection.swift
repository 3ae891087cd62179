import TLS

/// `listen.….tls`
enum TLSSection {
    static let certificate = Key.required(
        "certificate", FileSection.section.shape, standIn: "",
        "PEM: the certificate, and behind it those between it and its root.")
    static let key = Key.required("key", FileSection.section.shape, standIn: "", "PEM: its private key.")
    static let clientCA = Key.optional(
        "clientCA", FileSection.section.shape, "PEM: who signs the certificates that clients are then asked for.")
    static let clientCertificate = Key.defaulted(
        "clientCertificate", .choice(), ClientCertificateDemand.required,
        "Whether a client has to show one; `optional` at `listen.web` only.")
    static let minimumVersion = Key.defaulted(
        "minimumVersion", .choice(), TLSMinimum.tls12, "The oldest TLS that is spoken.")

    static let section = Section(
        "tls", [certificate.listed, key.listed, clientCA.listed, clientCertificate.listed, minimumVersion.listed]
    ) { fields in
        let settings = TLSSettings(
            certificate: fields(certificate), key: fields(key), clientCA: fields(clientCA),
            clientCertificate: fields(clientCertificate), minimumVersion: fields(minimumVersion))
        if settings.clientCA == nil, let node = fields.given(clientCertificate.name) {
            fields.reading.error("nobody is asked for a certificate", "add `clientCA`", at: node)
        }
        verify(settings, fields)
        return settings
    }

    /// Reads the files as the start will, so that a pair that does not fit is told with its place.
    private static func verify(_ settings: TLSSettings, _ fields: Fields) {
        guard fields.reading.isSound(fields.reading.way) else { return }
        do throws(TLSFault) {
            _ = try TLSCredentials(settings.files(fields.reading.sources))
        } catch {
            let name =
                switch error.file {
                case .certificate: certificate.name
                case .key: key.name
                case .clientCA: clientCA.name
                }
            fields.reading.error(error.what, error.mend, of: fields.reading.way + "." + name)
        }
    }
}

/// `{ file: path }`, for what is read again while the program runs and can therefore be nothing but a file.
enum FileSection {
    static let file = Key.required("file", .file(), standIn: "", "The file's path.")

    static let section = Section("file", [file.listed]) { fields in fields(file) }
}
