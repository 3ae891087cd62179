package import JOSE

/// The private key with which a client proves who it is (RFC 7523) and signs its requests (RFC 9101).
package struct ClientKey: Sendable {
    package let key: SigningKey
    /// `kid` as the provider knows it.
    package let id: String

    /// - Parameter id: `nil`: the key's thumbprint (RFC 7638).
    package init(key: SigningKey, id: String? = nil) {
        self.key = key
        self.id = id ?? key.id
    }
}
