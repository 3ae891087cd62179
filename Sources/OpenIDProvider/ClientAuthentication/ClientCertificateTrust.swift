package import JOSE

/// Certificates by which clients authenticate, and which their tokens are bound to (RFC 8705).
package struct ClientCertificateTrust: Sendable {
    /// Who has signed those of `tls_client_auth`: each has to be the direct signer.
    package var authorities: [Certificate]
    /// Where the endpoints are that clients with a certificate go to, in place of the issuer (§5); `nil`: at the issuer.
    package var url: String?

    package init(authorities: [Certificate], url: String?) {
        self.authorities = authorities
        self.url = url
    }
}
