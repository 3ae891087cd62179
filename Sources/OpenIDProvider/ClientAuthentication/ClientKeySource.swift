package import JOSE

/// Where clients' published keys come from (`jwks_uri`, RFC 7591 §2).
package protocol ClientKeySource: Sendable {
    /// The key that a token names. Keeps what it has fetched, and bounds how often it fetches again; `nil` where there is no such
    /// key, or the keys cannot be had.
    func key(at url: String, id: String?, algorithm: SignatureAlgorithm) async -> JSONWebKey?
}

/// For a provider none of whose clients publishes keys.
package struct NoPublishedKeys: ClientKeySource {
    package init() {}

    package func key(at url: String, id: String?, algorithm: SignatureAlgorithm) async -> JSONWebKey? { nil }
}
