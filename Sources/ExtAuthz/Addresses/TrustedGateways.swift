package import NIOCore

/// Whose word about the certificates of clients counts: they are shown to the gateway, and we only hear of them.
package struct TrustedGateways: Sendable {
    private let proxies: TrustedProxies
    /// Whether whoever connects has shown a certificate of the operator's own authority.
    private let haveCertificates: Bool

    package init(_ proxies: TrustedProxies, haveCertificates: Bool) {
        self.proxies = proxies
        self.haveCertificates = haveCertificates
    }

    package static let none = TrustedGateways(TrustedProxies([]), haveCertificates: false)

    package func contains(_ peer: SocketAddress?) -> Bool { haveCertificates || proxies.contains(peer) }
}
