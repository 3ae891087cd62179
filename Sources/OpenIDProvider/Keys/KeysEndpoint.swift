import JOSE
import Web

/// `/keys`: the keys that verify what the provider signed (RFC 7517 §5).
struct KeysEndpoint {
    /// Seconds for which others may keep the keys.
    static let maxAge = 1200

    let issuer: Issuer

    func respond() -> WebResponse { JSONResponse.cached(issuer.keyring.document, maxAge: Self.maxAge) }
}
