import AsyncHTTPClient
package import JOSE
package import NIOSSL

/// How the connections to one provider differ from those to any other.
package struct ProviderConnection: Sendable {
    /// Certificates of authorities in PEM: only these are believed; `nil`: those of the system.
    package var authorities: [UInt8]?
    /// Certificates in PEM that are believed beside those.
    package var furtherAuthorities: [UInt8]?
    /// Off: any certificate will do.
    package var verifiesCertificate = true
    /// Our certificate in PEM, with those between it and its authority, for `tls_client_auth` (RFC 8705 §2).
    package var certificate: [UInt8]?
    /// In PEM, for `certificate`.
    package var certificateKey: Secret?
    package var proxy: Proxy?
    /// As `ProviderAddresses.plainHTTP`.
    package var plainHTTP: [String] = []
    /// Names that are not looked up, and the addresses that they are reached at.
    package var addresses: [String: String] = [:]
    /// The path of a Unix socket that is connected to, whatever the URL's host; without TLS.
    package var socket: String?

    /// An HTTP proxy that is asked to connect.
    package struct Proxy: Sendable {
        package var host: String
        package var port: Int
        /// For `Proxy-Authorization: Basic`.
        package var credentials: (user: String, password: Secret)?

        package init(host: String, port: Int, credentials: (user: String, password: Secret)? = nil) {
            self.host = host
            self.port = port
            self.credentials = credentials
        }
    }

    /// Why there can be no such connection: for operators.
    package struct Unusable: Error, CustomStringConvertible {
        package let description: String
    }

    package init() {}

    func configure(_ configuration: inout HTTPClient.Configuration) throws(Unusable) {
        configuration.dnsOverride = addresses
        if authorities != nil || furtherAuthorities != nil || certificate != nil || !verifiesCertificate {
            configuration.tlsConfiguration = try tlsConfiguration()
        }
        guard let proxy else { return }
        let authorization = proxy.credentials.map {
            HTTPClient.Authorization.basic(username: $0.user, password: $0.password.text)
        }
        configuration.proxy = .server(host: proxy.host, port: proxy.port, authorization: authorization)
    }

    package func tlsConfiguration() throws(Unusable) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if !verifiesCertificate { tls.certificateVerification = .none }
        if let authorities { tls.trustRoots = .certificates(try Self.certificates(authorities, "the authorities' file")) }
        if let furtherAuthorities {
            tls.additionalTrustRoots = [.certificates(try Self.certificates(furtherAuthorities, "the authorities' file"))]
        }
        if let certificate {
            let chain = try Self.certificates(certificate, "the client certificate's file")
            guard let key = certificateKey.flatMap({ try? NIOSSLPrivateKey(bytes: $0.bytes, format: .pem) }) else {
                throw Unusable(description: "the client certificate's key is no private key in PEM")
            }
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(key)
        }
        return tls
    }

    private static func certificates(_ pem: [UInt8], _ name: String) throws(Unusable) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw Unusable(description: "\(name) holds no certificate in PEM")
        }
        return certificates
    }
}
