import AuthService
import JOSE
import NIOCore
import TLS
import Web

/// Where the certificate of a page's or endpoint's client is found.
enum ClientCertificateReading: Sendable {
    /// The connection's own.
    case connection
    /// What a gateway says of its client, in `x-forwarded-client-cert`; it has verified that the client has the key.
    case forwarded

    /// In DER; `nil` where there is none, or it cannot be read.
    func certificate(_ headers: HeaderList, from channel: any Channel, isProxied: Bool) async -> [UInt8]? {
        switch self {
        case .connection: return await channel.peerCertificate()
        case .forwarded:
            // Lines of one list (RFC 9110 §5.3): the last line has the last element.
            guard isProxied, let line = headers.all("x-forwarded-client-cert").last,
                let element = try? ForwardedClientCertificate.last(of: line)
            else { return nil }
            return element.certificate.flatMap(Certificate.all(inPEM:))?.first?.der
        }
    }
}
