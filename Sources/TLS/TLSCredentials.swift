import CryptoExtras
import NIOCore
package import NIOSSL

/// A listener's certificate and key, found to belong together, and the authorities of its clients.
package struct TLSCredentials: Sendable {
    private let chain: [NIOSSLCertificate]
    private let key: NIOSSLPrivateKey
    private let clientAuthorities: [NIOSSLCertificate]?
    private let clientCertificate: ClientCertificateDemand

    package init(_ files: TLSFiles) throws(TLSFault) {
        chain = try Self.certificates(files.certificate, .certificate)
        key = try Self.privateKey(files.key)
        clientAuthorities = try files.clientCA.map { (pem) throws(TLSFault) in try Self.certificates(pem, .clientCA) }
        clientCertificate = files.clientCertificate
        try refuseShortKey()
        // Built for trial: the library compares the two when it takes them.
        do { _ = try NIOSSLContext(configuration: serverConfiguration) } catch {
            throw TLSFault(.key, "the key is not the one of the certificate", "give the two that were made together")
        }
    }

    /// What connections are accepted with. Costs too much for an event loop.
    package func context(_ application: ApplicationProtocol, minimum: TLSMinimum) throws(TLSFault) -> NIOSSLContext {
        var configuration = serverConfiguration
        configuration.applicationProtocols = [application.rawValue]
        configuration.minimumTLSVersion =
            switch minimum {
            case .tls12: .tlsv12
            case .tls13: .tlsv13
            }
        // Shorter than a listener's own patience at a stop.
        configuration.shutdownTimeout = .seconds(1)
        do { return try NIOSSLContext(configuration: configuration) } catch {
            throw TLSFault(.certificate, "the certificate cannot be used (\(error))", "make a new one")
        }
    }

    /// RSA below 2048 bits can be broken (NIST SP 800-131A).
    private func refuseShortKey() throws(TLSFault) {
        guard let spki = try? chain.first?.extractPublicKey().toSPKIBytes(), spki.contains(Self.rsaEncryption),
            // Takes none that is shorter.
            (try? _RSA.Signing.PublicKey(derRepresentation: spki)) == nil
        else { return }
        throw TLSFault(
            .certificate, "the certificate's RSA key has less than 2048 bits", "make one of 2048 or more, or of P-256")
    }

    /// 1.2.840.113549.1.1.1 in DER (RFC 8017 appendix A.1).
    private static let rsaEncryption: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01]

    private var serverConfiguration: TLSConfiguration {
        let chain = chain.map { NIOSSLCertificateSource.certificate($0) }
        guard let clientAuthorities else {
            return .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        }
        var configuration = TLSConfiguration.makeServerConfigurationWithMTLS(
            certificateChain: chain, privateKey: .privateKey(key), trustRoots: .certificates(clientAuthorities))
        switch clientCertificate {
        case .required: break
        case .optional: configuration.certificateVerification = .optionalVerification
        }
        // A client with several certificates learns which one is meant.
        configuration.sendCANameList = true
        return configuration
    }

    private static func certificates(_ pem: [UInt8], _ file: TLSFault.File) throws(TLSFault) -> [NIOSSLCertificate] {
        let name = file == .clientCA ? "client CA" : "certificate"
        do {
            let found = try NIOSSLCertificate.fromPEMBytes(pem)
            guard !found.isEmpty else { throw TLSFault(file, "", "") }
            return found
        } catch {
            throw TLSFault(file, "the \(name)'s file holds no PEM certificate", "give one that begins with BEGIN CERTIFICATE")
        }
    }

    private static func privateKey(_ pem: [UInt8]) throws(TLSFault) -> NIOSSLPrivateKey {
        do { return try NIOSSLPrivateKey(bytes: pem, format: .pem) } catch {
            throw TLSFault(
                .key, "the key's file holds no PEM private key that can be read",
                "give one without a passphrase that begins with BEGIN PRIVATE KEY")
        }
    }
}
