/// What a client shows at the token endpoint to get tokens (RFC 6749 §1.3, and the RFCs that extend it).
package enum GrantType: String, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    /// RFC 8628 §3.4.
    case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
    case clientCredentials = "client_credentials"
    /// RFC 8693 §2.1.
    case tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    /// RFC 7523 §2.1.
    case jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    /// RFC 6749 §4.3; RFC 9700 §2.4 advises against it.
    case password

    /// What a client may use that the operator has said nothing of: everything that has a person in front of it.
    package static let usual: Set<GrantType> = [.authorizationCode, .refreshToken, .deviceCode]
}
