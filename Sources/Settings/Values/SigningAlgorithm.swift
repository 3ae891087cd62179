/// A signature algorithm of JWTs that we sign (RFC 7518, section 3.1).
package enum SigningAlgorithm: String, Sendable, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
}
