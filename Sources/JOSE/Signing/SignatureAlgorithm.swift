/// The signature algorithms that we sign with and accept (RFC 7518 §3.1, RFC 8037 §3.1). `none` and the HMAC family are not
/// among them and so can never be chosen by a token's header.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
    case ps256 = "PS256"
    case edDSA = "EdDSA"
}
