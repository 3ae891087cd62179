package import JOSE
import Web

/// What a gateway has to show with every check over HTTP and for every page of ours, in a header that it sets itself. Who connects
/// from an address that counts as a gateway's, but does not know the secret, is believed nothing.
package struct ProxySecret: Sendable {
    /// The written configurations of the gateways set it.
    static let header: StaticString = "x-gatehouse-proxy-secret"

    package static var headerName: String { "\(header)" }

    private let secret: Secret

    package init(_ secret: Secret) {
        self.secret = secret
    }

    func isShown(by message: RequestMessage) -> Bool {
        admits(message.all(Self.header).map(message.text))
    }

    /// Whether the lines of the header are exactly one, with the secret; compared in constant time.
    package func admits(_ shown: [String]) -> Bool {
        guard shown.count == 1, let only = shown.first else { return false }
        return secret.matches(Secret(utf8: only))
    }
}
